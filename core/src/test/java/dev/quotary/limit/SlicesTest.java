package dev.quotary.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.quotary.time.WindowSpec;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Slices of a second in a window of a minute. */
class SlicesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Slices slices = new Slices(new WindowSpec.Sliding(WindowSpec.CalendarUnit.MINUTE));

    @Test
    void slice_counts_until_its_last_instant_is_a_whole_window_ago() {
        // Given
        slices.use(at(10), 5);
        slices.hold(at(10), 3);
        // When
        slices.roll(at(70));
        var last = slices.used() + slices.held();
        slices.roll(at(71));
        // Then
        assertThat(last).isEqualTo(8);
        assertThat(slices.used() + slices.held()).isZero();
    }

    @Test
    void slice_that_has_not_begun_does_not_count_yet() {
        // Given
        slices.roll(at(0));
        slices.use(at(1), 5);
        // When
        var before = slices.used();
        slices.roll(at(1));
        // Then
        assertThat(before).isZero();
        assertThat(slices.used()).isEqualTo(5);
    }

    @Test
    void room_comes_back_when_the_oldest_that_counts_something_leaves() {
        // Given
        slices.roll(at(30));
        slices.hold(at(5), 2);
        slices.use(at(20), 1);
        // When
        var first = slices.freesAt();
        slices.free(at(5), 2);
        // Then
        assertThat(first).isEqualTo(at(66));
        assertThat(slices.freesAt()).isEqualTo(at(81));
        slices.use(at(20), 0);
        assertThat(slices.freesAt()).isNull();
    }

    @Test
    void hold_that_ends_after_its_slice_frees_nothing_twice() {
        // Given
        slices.roll(at(0));
        slices.hold(at(0), 4);
        slices.roll(at(60));
        slices.hold(at(60), 6);
        // When
        slices.roll(at(61));
        slices.free(at(0), 4);
        // Then
        assertThat(slices.held()).isEqualTo(6);
        slices.roll(at(500));
        slices.free(at(60), 6);
        assertThat(slices.held()).isZero();
        assertThat(slices.idle()).isTrue();
    }

    /** 60 in the second 0, 40 in the second 30: when the first has left, the second may still not grow beyond 40. */
    @Test
    void fullest_stretch_over_a_slice_is_not_always_the_present_one() {
        // Given
        slices.use(at(0), 60);
        slices.hold(at(30), 40);
        slices.roll(at(80));
        // When
        var peak = slices.peak(at(30));
        // Then
        assertThat(slices.held()).isEqualTo(40);
        assertThat(slices.used()).isZero();
        assertThat(peak).isEqualTo(new Slices.Peak(60, 40));
    }

    @Test
    void slice_that_is_over_has_no_room() {
        // Given
        slices.hold(at(0), 1);
        // When
        slices.roll(at(61));
        // Then
        assertThat(slices.peak(at(0)).used()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void sums_beyond_the_largest_number_stop_there_and_come_back() {
        // Given
        slices.use(at(0), Long.MAX_VALUE);
        slices.use(at(1), Long.MAX_VALUE);
        slices.use(at(2), 7);
        // When
        slices.roll(at(2));
        var full = slices.used();
        slices.roll(at(61));
        var one = slices.used();
        slices.roll(at(62));
        // Then
        assertThat(full).isEqualTo(Long.MAX_VALUE);
        assertThat(one).isEqualTo(Long.MAX_VALUE);
        assertThat(slices.used()).isEqualTo(7);
    }

    @Test
    void freeing_more_than_is_held_is_a_bug_and_said_so() {
        // Given
        slices.hold(at(0), 3);
        // When, Then
        assertThatIllegalStateException().isThrownBy(() -> slices.free(at(0), 4));
    }

    @Test
    void slices_are_found_in_any_order() {
        // Given
        for (int second : new int[] {9, 3, 7, 1, 5, 0, 8, 2, 6, 4}) {
            slices.use(at(second), second);
        }
        // When
        slices.roll(at(9));
        // Then
        assertThat(slices.used()).isEqualTo(45);
        assertThat(slices.used(at(6))).isEqualTo(6);
        slices.roll(at(66));
        assertThat(slices.used()).isEqualTo(30);
    }

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }
}
