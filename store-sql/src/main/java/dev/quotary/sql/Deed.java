package dev.quotary.sql;

import dev.quotary.limit.StoreUnavailableException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One small change whose outcome its caller waits for.
 *
 * @param <T> the outcome
 */
final class Deed<T> implements Work {
    private static final int SECONDS_MAX = 30;

    private final String name;
    private final Writing<T> writing;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private @Nullable T outcome;

    /** Writes within the transaction; again from the beginning where that is repeated. */
    interface Writing<T> {
        T write(Session session) throws SQLException;
    }

    private Deed(String name, Writing<T> writing) {
        this.name = name;
        this.writing = writing;
    }

    /**
     * Does it, in a transaction shared with whatever else waits, and answers when it is durable.
     *
     * @param name for whoever hears that it failed
     */
    static <T> T done(GroupWriter writer, String name, Writing<T> writing) {
        var deed = new Deed<>(name, writing);
        writer.submit(deed);
        return deed.await();
    }

    private T await() {
        try {
            return answer.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new StoreUnavailableException(name, e.getCause());
        } catch (TimeoutException e) {
            throw new StoreUnavailableException(name + ": no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException(name + ": interrupted", e);
        }
    }

    @Override
    public int rows() {
        return 1;
    }

    @Override
    public void write(Tables tables) throws SQLException {
        outcome = writing.write(tables.session());
    }

    @Override
    public void completed() {
        answer.complete(outcome);
    }

    @Override
    public void failed(StoreUnavailableException why) {
        answer.completeExceptionally(why);
    }
}
