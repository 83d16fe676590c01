package dev.quotary.gateway;

import dev.quotary.meter.Amounts;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.usage.Decision;
import io.vertx.core.Context;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks closer at calls that were refused because a token may be as short as a byte: near a limit, nobody who has room left is blocked by
 * that. Counting costs computing time, so it is done only for calls that it can help, and never on an event loop.
 */
final class Counting {
    private static final Logger LOG = LoggerFactory.getLogger(Counting.class);

    /** More bytes than a token has in any text: a call that does not fit even so is refused uncounted. */
    private static final int BYTES_PER_TOKEN_MAX = 16;

    /** Texts counted at a time by one event loop's calls; hostile ones take a second each. */
    private static final int AT_ONCE_MAX = 2;

    /** Calls waiting to be counted; beyond, calls are refused uncounted. */
    private static final int WAITING_MAX = 256;

    private final Semaphore atOnce = new Semaphore(AT_ONCE_MAX);
    private final AtomicInteger waiting = new AtomicInteger();

    /** A bound of the input that no count goes below. */
    static InputBound least(InputBound input) {
        return input.withText(input.textBytes() / BYTES_PER_TOKEN_MAX);
    }

    /**
     * Whether counting could get a refused call admitted.
     *
     * @param least what the call needs with the {@link #least} input
     */
    static boolean mayHelp(Decision refused, Amounts least) {
        return refused.violations().stream()
                .allMatch(violated -> least.of(violated.limit().meter()) <= violated.room());
    }

    /**
     * Counts on a thread of its own.
     *
     * @param then told on {@code context} what was counted; empty if it cannot be, or too many wait
     */
    void count(ProviderRequest request, Context context, Consumer<Optional<InputBound>> then) {
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            then.accept(Optional.empty());
            return;
        }
        Thread.ofVirtual().name("count").start(() -> {
            var counted = counted(request);
            waiting.decrementAndGet();
            context.runOnContext(_ -> then.accept(counted));
        });
    }

    private Optional<InputBound> counted(ProviderRequest request) {
        atOnce.acquireUninterruptibly();
        try {
            return request.countedInput();
        } catch (RuntimeException | Error e) {
            LOG.atWarn().setCause(e).log("a prompt was not counted; its bytes bound it");
            return Optional.empty();
        } finally {
            atOnce.release();
        }
    }
}
