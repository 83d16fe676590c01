package dev.quotary.catalog;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/** A commit on its way to the ledger while limits change, in every order of their steps that can be told apart. */
class PassagesLinTest {
    private static final int INVOCATIONS = 2_000;

    @Test
    void recount_that_waited_has_every_posting_by_the_old_limits() {
        Lincheck.runConcurrentTest(INVOCATIONS, () -> {
            // Given
            var passages = new Passages();
            var limits = new AtomicInteger();
            var postedByOld = new AtomicInteger();
            var posting = new Thread(() -> passages.pass(() -> post(limits, postedByOld)));
            var another = new Thread(() -> passages.pass(() -> post(limits, postedByOld)));
            posting.start();
            another.start();
            // When
            limits.set(1);
            boolean waited = passages.await(60);
            int counted = postedByOld.get();
            // Then
            join(posting);
            join(another);
            if (!waited || postedByOld.get() != counted) {
                // Lincheck cannot follow the objects of AssertJ.
                throw new IllegalStateException("the recount missed a posting");
            }
        });
    }

    /** Two steps on purpose: what is read may be old by the time that it is handed over. */
    private static int post(AtomicInteger limits, AtomicInteger postedByOld) {
        int read = limits.get();
        return read == 0 ? postedByOld.incrementAndGet() : read;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
