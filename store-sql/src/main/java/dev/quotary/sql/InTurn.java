package dev.quotary.sql;

import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Work whose end can be waited for. */
final class InTurn implements Work {
    private final Work work;
    private final CountDownLatch ended = new CountDownLatch(1);

    InTurn(Work work) {
        this.work = work;
    }

    void await() throws InterruptedException {
        ended.await();
    }

    @Override
    public int rows() {
        return work.rows();
    }

    @Override
    public void expect(Tables tables) {
        work.expect(tables);
    }

    @Override
    public Optional<Proof> proof() {
        return work.proof();
    }

    @Override
    public void write(Tables tables) throws SQLException {
        work.write(tables);
    }

    @Override
    public void durable() {
        work.durable();
    }

    @Override
    public void completed() {
        try {
            work.completed();
        } finally {
            ended.countDown();
        }
    }

    @Override
    public void failed(StoreUnavailableException why) {
        try {
            work.failed(why);
        } finally {
            ended.countDown();
        }
    }
}
