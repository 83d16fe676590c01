package dev.quotary.sql.admission;

import dev.quotary.limit.DeclarationsChangedException;
import dev.quotary.limit.StoreUnavailableException;
import java.util.concurrent.CompletableFuture;

/** A step whose caller waits for its answer. Equal to itself alone. */
final class Ask<T> {
    private final Step<T> step;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private final long tick;

    /** @param tick when it came, by the ticks of {@link Waiting} */
    Ask(Step<T> step, long tick) {
        this.step = step;
        this.tick = tick;
    }

    Step<T> step() {
        return step;
    }

    CompletableFuture<T> future() {
        return answer;
    }

    long tick() {
        return tick;
    }

    boolean answered() {
        return answer.isDone();
    }

    /**
     * Hands an answer out that was computed for this step.
     *
     * @return false if its caller waits no longer
     */
    @SuppressWarnings("unchecked")
    boolean complete(Object computed) {
        return computed instanceof DeclarationsChangedException changed
                ? answer.completeExceptionally(changed)
                : answer.complete((T) computed);
    }

    void fail(StoreUnavailableException why) {
        answer.completeExceptionally(why);
    }
}
