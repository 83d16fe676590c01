package dev.quotary.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private final List<Integer> ran = new ArrayList<>();
    private final Slots slots = new Slots(2, 2);

    private void enter(int number) {
        slots.enter(() -> ran.add(number));
    }

    @Test
    void so_many_run_the_next_wait_in_order_and_more_are_refused() {
        // Given
        enter(1);
        enter(2);
        enter(3);
        enter(4);
        // Then
        assertThat(ran).containsExactly(1, 2);
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> enter(5));
        slots.leave();
        assertThat(ran).containsExactly(1, 2, 3);
        slots.leave();
        slots.leave();
        slots.leave();
        enter(6);
        enter(7);
        enter(8);
        assertThat(ran).containsExactly(1, 2, 3, 4, 6, 7);
    }

    @Test
    void those_who_gave_up_are_passed_over() {
        // Given
        var many = new Slots(1, 100_000);
        many.enter(() -> ran.add(1));
        for (int i = 0; i < 100_000; i++) {
            many.enter(() -> false);
        }
        // When
        many.leave();
        many.enter(() -> false);
        many.enter(() -> ran.add(2));
        // Then
        assertThat(ran).containsExactly(1, 2);
    }
}
