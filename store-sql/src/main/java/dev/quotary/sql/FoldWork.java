package dev.quotary.sql;

import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Brings logged entries into the database. They were acknowledged and told before; an event that is there already, since a crash came
 * between its commit and the end of its segment, changes nothing.
 */
final class FoldWork implements Work {
    private final List<Draft> drafts;
    private final Runnable ended;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable StoreUnavailableException failure;

    /** @param ended told on the writer's thread when it has succeeded or failed */
    FoldWork(List<Draft> drafts, Runnable ended) {
        this.drafts = List.copyOf(drafts);
        this.ended = ended;
    }

    List<Draft> drafts() {
        return drafts;
    }

    @Override
    public int rows() {
        return drafts.size();
    }

    @Override
    public void expect(Tables tables) {
        drafts.forEach(tables.events()::expect);
    }

    @Override
    public void write(Tables tables) throws SQLException {
        for (var draft : drafts) {
            if (tables.events().insert(draft)) {
                tables.sums().apply(draft.entry().postings(), draft.time());
                tables.rollUp(draft);
            }
        }
    }

    @Override
    public void completed() {
        end();
    }

    @Override
    public void failed(StoreUnavailableException why) {
        failure = why;
        end();
    }

    private void end() {
        done.countDown();
        ended.run();
    }

    boolean ended() {
        return done.getCount() == 0;
    }

    /** Waits for the end. */
    void await() throws InterruptedException {
        done.await();
    }

    /** Why it did not succeed; null if it did. */
    @Nullable StoreUnavailableException failure() {
        return failure;
    }
}
