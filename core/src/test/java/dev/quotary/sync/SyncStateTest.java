package dev.quotary.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.sync.SyncState.Parked;
import dev.quotary.sync.SyncState.Pending;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class SyncStateTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @Test
    void batch_is_tried_five_times_more_ever_more_seldom_and_parked_then() {
        // Given
        var pauses = new ArrayList<Duration>();
        SyncState state = new Pending(0, NOW, null);
        var now = NOW;
        // When
        while (state instanceof Pending pending) {
            now = pending.dueAt();
            state = pending.begun(now).failed(new Failure("SUBJECT_UNKNOWN", "none", now));
            if (state instanceof Pending next) {
                pauses.add(Duration.between(now, next.dueAt()));
            }
        }
        // Then
        assertThat(pauses.stream().map(Duration::toSeconds)).containsExactly(1L, 4L, 16L, 64L, 256L);
        assertThat(state).isEqualTo(new Parked(6, now, new Failure("SUBJECT_UNKNOWN", "none", now)));
    }

    @Test
    void batch_whose_attempt_nobody_ended_is_due_again() {
        // When
        var begun = new Pending(1, NOW, null).begun(NOW);
        // Then
        assertThat(begun).isEqualTo(new Pending(2, NOW.plusSeconds(10), null));
    }

    @Test
    void resumed_batch_is_due_at_once_and_has_all_attempts_again() {
        // Given
        var why = new Failure("SUBJECT_UNKNOWN", "none", NOW);
        // When
        var resumed = new Parked(6, NOW, why).resumed(NOW.plusSeconds(9));
        // Then
        assertThat(resumed).isEqualTo(new Pending(0, NOW.plusSeconds(9), why));
    }
}
