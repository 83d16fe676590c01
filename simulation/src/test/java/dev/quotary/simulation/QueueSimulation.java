package dev.quotary.simulation;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.limit.RecoverableLimiter;
import dev.quotary.limit.RoomListener;
import dev.quotary.testkit.Seeds;
import org.junit.jupiter.api.Test;

/** Thousands of runs of calls that wait, with every fault that a process on its own can meet. */
class QueueSimulation {
    private static final int SEEDS = 3_000;
    private static final int SEEDS_TO_FIND = 20;

    @Test
    void no_fault_leaves_a_call_waiting_or_lets_it_past_a_limit() {
        Seeds.forEach(SEEDS, random -> new QueueRun(limiter -> limiter).play(random.nextLong()));
    }

    @Test
    void finds_a_limiter_that_does_not_tell_of_room() {
        assertThatThrownBy(
                        () -> Seeds.forEach(SEEDS_TO_FIND, random -> new QueueRun(Silent::new).play(random.nextLong())))
                .isInstanceOf(AssertionError.class)
                .rootCause()
                .hasMessageContaining("whoever could go has gone");
    }

    private static final class Silent extends ForwardingLimiter {
        Silent(RecoverableLimiter limiter) {
            super(limiter);
        }

        @Override
        public boolean tellRoom(RoomListener listener) {
            return true;
        }
    }
}
