package dev.quotary.catalog;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/**
 * Commits on their way to the ledger while limits change twice, in orders of their steps that Lincheck chooses. Twice, as who is counted
 * under the wrong turn is missed by the change after the next only.
 */
class PassagesLinTest {
    private static final int INVOCATIONS = 2_500;

    private static final class Ledger {
        final AtomicInteger limits = new AtomicInteger();
        final AtomicIntegerArray postedBy = new AtomicIntegerArray(3);

        /** Two steps on purpose: what is read may be old by the time that it is handed over. */
        int post() {
            return postedBy.incrementAndGet(limits.get());
        }
    }

    @Test
    void recount_that_waited_has_every_posting_by_the_old_limits() {
        Lincheck.runConcurrentTest(INVOCATIONS, () -> {
            // Given
            var passages = new Passages();
            var ledger = new Ledger();
            var one = new Thread(() -> passages.pass(ledger::post));
            var two = new Thread(() -> passages.pass(ledger::post));
            one.start();
            two.start();
            // When
            ledger.limits.set(1);
            boolean waited = passages.await(60);
            int first = ledger.postedBy.get(0);
            ledger.limits.set(2);
            waited &= passages.await(60);
            int second = ledger.postedBy.get(1);
            // Then
            join(one);
            join(two);
            if (!waited || ledger.postedBy.get(0) != first || ledger.postedBy.get(1) != second) {
                // Lincheck cannot follow the objects of AssertJ.
                throw new IllegalStateException("a recount missed a posting");
            }
        });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
