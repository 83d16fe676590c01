package dev.quotary.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.queue.Attempt.NoRoom;
import dev.quotary.queue.Waited.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {
    private static final String A = "a";
    private static final String B = "b";

    private final Stalls stalls = new Stalls();

    @Test
    void who_waits_is_admitted_when_there_is_room_and_knows_how_long_it_took() {
        // Given
        var caller = stalls.caller("x").needs(A, 1).come();
        stalls.pass(Duration.ofMillis(1_234));
        // When
        stalls.free(A, 1);
        // Then
        assertThat(caller.ended()).isEqualTo(new Waited<>("admitted", 1_234, Ending.ANSWERED));
        assertThat(caller.waitedMillis).isEqualTo(1_234);
        assertThat(stalls.waitingRoom.waiting()).isZero();
        assertThat(stalls.room(A)).isZero();
    }

    @Test
    void higher_priority_goes_first_whoever_came_first() {
        // Given
        stalls.caller("low").needs(A, 1).priority(-5).come();
        stalls.caller("middle").needs(A, 1).come();
        stalls.caller("high").needs(A, 1).priority(10).come();
        // When
        stalls.free(A, 1);
        stalls.free(A, 2);
        // Then
        assertThat(stalls.admitted).containsExactly("high", "middle", "low");
    }

    @Test
    void subjects_of_one_priority_take_turns_and_each_is_served_in_its_own_order() {
        // Given
        for (var name : List.of("ada-1", "ada-2", "ada-3", "bob-1", "ada-4", "cid-1", "bob-2")) {
            stalls.caller(name).of(name.substring(0, 3)).needs(A, 1).come();
        }
        // When
        stalls.free(A, 7);
        // Then
        assertThat(stalls.admitted).containsExactly("ada-1", "bob-1", "cid-1", "ada-2", "bob-2", "ada-3", "ada-4");
    }

    @Test
    void one_that_comes_again_and_again_does_not_push_back_one_with_many_calls() {
        // Given
        stalls.caller("ada-1").of("ada").needs(A, 1).come();
        stalls.caller("ada-2").of("ada").needs(A, 1).come();
        stalls.caller("ada-3").of("ada").needs(A, 1).come();
        stalls.caller("bob-1").of("bob").needs(A, 1).come();
        // When
        stalls.free(A, 2);
        stalls.caller("bob-2").of("bob").needs(A, 1).come();
        stalls.free(A, 2);
        stalls.caller("bob-3").of("bob").needs(A, 1).come();
        stalls.free(A, 2);
        // Then
        assertThat(stalls.admitted).containsExactly("ada-1", "bob-1", "ada-2", "bob-2", "ada-3", "bob-3");
    }

    @Test
    void one_stuck_elsewhere_does_not_let_newcomers_pass_those_who_take_turns() {
        // Given: the first round never ends, as its guest waits for something of its own
        stalls.caller("stuck").needs(B, 1).come();
        stalls.caller("ada-1").of("ada").needs(A, 1).come();
        stalls.caller("ada-2").of("ada").needs(A, 1).come();
        stalls.caller("bob-1").of("bob").needs(A, 1).come();
        stalls.free(A, 2);
        // When
        stalls.caller("bob-2").of("bob").needs(A, 1).come();
        stalls.free(A, 2);
        // Then
        assertThat(stalls.admitted).containsExactly("ada-1", "bob-1", "ada-2", "bob-2");
    }

    @Test
    void turn_of_a_call_that_left_is_given_back_to_its_subject() {
        // Given
        stalls.caller("ada-1").of("ada").needs(A, 1).come();
        var left = stalls.caller("ada-2").of("ada").needs(A, 1).come();
        stalls.caller("bob-1").of("bob").needs(A, 1).come();
        left.leave();
        stalls.caller("ada-3").of("ada").needs(A, 1).come();
        stalls.caller("bob-2").of("bob").needs(A, 1).come();
        // When
        stalls.free(A, 4);
        // Then
        assertThat(stalls.admitted).containsExactly("ada-1", "bob-1", "ada-3", "bob-2");
    }

    @Test
    void one_that_comes_while_others_wait_waits_behind_them_though_it_would_fit() {
        // Given
        stalls.grow(A, 1);
        var large = stalls.caller("large").needs(A, 3).come();
        // When
        var small = stalls.caller("small").needs(A, 1).come();
        // Then
        assertThat(small.ended()).isNull();
        stalls.free(A, 3);
        assertThat(stalls.admitted).containsExactly("large", "small");
        assertThat(large.ended()).isNotNull();
    }

    @Test
    void one_of_higher_priority_takes_what_fits_past_those_who_wait() {
        // Given
        stalls.grow(A, 1);
        stalls.caller("large").needs(A, 2).come();
        // When
        stalls.caller("urgent").needs(A, 1).priority(1).come();
        // Then
        assertThat(stalls.admitted).containsExactly("urgent");
        assertThat(stalls.waitingRoom.waiting()).isEqualTo(1);
    }

    @Test
    void one_that_needs_something_else_is_not_held_up() {
        // Given
        stalls.grow(B, 1);
        stalls.caller("x").needs(A, 1).come();
        // When
        stalls.caller("y").needs(B, 1).come();
        // Then
        assertThat(stalls.admitted).containsExactly("y");
    }

    @Test
    void one_that_lacks_something_else_by_now_lets_the_next_one_go() {
        // Given: x needs both and comes first, but only waits for B once there is room in A
        stalls.caller("x").needs(A, 1).needs(B, 1).come();
        stalls.caller("y").needs(A, 1).come();
        // When
        stalls.free(A, 1);
        // Then
        assertThat(stalls.admitted).containsExactly("y");
        stalls.free(B, 1);
        assertThat(stalls.admitted).containsExactly("y");
        stalls.free(A, 1);
        assertThat(stalls.admitted).containsExactly("y", "x");
    }

    @Test
    void those_behind_one_that_leaves_or_gives_up_are_looked_at() {
        // Given
        stalls.grow(A, 1);
        var large = stalls.caller("large").needs(A, 2).come();
        var impatient = stalls.caller("impatient")
                .needs(A, 2)
                .patience(Duration.ofMillis(100))
                .come();
        stalls.caller("small").needs(A, 1).come();
        // When
        large.leave();
        // Then
        assertThat(stalls.admitted).isEmpty();
        stalls.pass(Duration.ofMillis(100));
        assertThat(impatient.ended()).isEqualTo(new Waited<>("refused", 100, Ending.TIMED_OUT));
        assertThat(stalls.admitted).containsExactly("small");
    }

    @Test
    void time_out_is_exact_and_asks_a_last_time() {
        // Given
        var caller =
                stalls.caller("x").needs(A, 1).patience(Duration.ofMillis(700)).come();
        var lucky =
                stalls.caller("y").needs(B, 1).patience(Duration.ofMillis(700)).come();
        stalls.pass(Duration.ofMillis(699));
        assertThat(caller.ended()).isNull();
        stalls.grow(B, 1);
        // When
        stalls.pass(Duration.ofMillis(1));
        // Then
        assertThat(caller.ended()).isEqualTo(new Waited<>("refused", 700, Ending.TIMED_OUT));
        assertThat(lucky.ended()).isEqualTo(new Waited<>("admitted", 700, Ending.ANSWERED));
        assertThat(stalls.waitingRoom.waiting()).isZero();
    }

    @Test
    void wait_gets_shorter_where_a_later_refusal_allows_less_and_never_longer() {
        // Given
        var caller = stalls.caller("x").needs(A, 1).needs(B, 1).come();
        stalls.pass(Duration.ofSeconds(1));
        // When
        caller.patience(Duration.ofMillis(1_500));
        stalls.free(A, 1);
        caller.patience(Duration.ofSeconds(60));
        stalls.free(A, 0);
        stalls.pass(Duration.ofMillis(500));
        // Then
        assertThat(caller.ended()).isEqualTo(new Waited<>("refused", 1_500, Ending.TIMED_OUT));
    }

    @Test
    void who_left_gets_nothing_and_is_told_once() {
        // Given
        var caller = stalls.caller("x").needs(A, 1).come();
        // When
        caller.leave();
        caller.leave();
        stalls.free(A, 1);
        // Then
        assertThat(caller.ended()).isEqualTo(new Waited<>("refused", 0, Ending.LEFT));
        assertThat(stalls.room(A)).isEqualTo(1);
        assertThat(stalls.admitted).isEmpty();
    }

    @Test
    void room_that_nobody_tells_of_is_found_when_it_is_time_to_look() {
        // Given
        stalls.caller("x").needs(A, 1).come();
        stalls.grow(A, 1);
        // When
        stalls.pass(Stalls.LOOK);
        // Then
        assertThat(stalls.admitted).containsExactly("x");
    }

    @Test
    void one_that_comes_has_those_before_it_look_whether_time_has_made_room() {
        // Given
        stalls.caller("x").needs(A, 1).come();
        stalls.grow(A, 2);
        // When
        stalls.caller("y").needs(A, 1).come();
        // Then
        assertThat(stalls.admitted).containsExactly("x", "y");
    }

    @Test
    void room_that_came_between_refusal_and_wait_is_not_missed() {
        // Given
        var caller = stalls.caller("x").needs(A, 1);
        var none = new NoRoom<String, String>("refused", Set.of(A), Stalls.WAIT);
        stalls.grow(A, 1);
        // When
        caller.waiting = stalls.waitingRoom.enter(new Place<>(Stalls.LINE, "x", 0, 0), none, caller);
        stalls.work();
        // Then
        assertThat(caller.ended()).isEqualTo(new Waited<>("admitted", 0, Ending.ANSWERED));
    }

    @Test
    void release_costs_as_many_attempts_as_it_lets_in_and_one() {
        // Given
        var callers = new ArrayList<Stalls.Caller>();
        for (int i = 0; i < 500; i++) {
            callers.add(stalls.caller("c" + i).needs(A, 1).come());
        }
        int before = callers.stream().mapToInt(caller -> caller.asked).sum();
        // When
        stalls.free(A, 3);
        // Then
        int after = callers.stream().mapToInt(caller -> caller.asked).sum();
        assertThat(after - before).isEqualTo(4);
        assertThat(stalls.admitted).hasSize(3);
    }

    @Test
    void full_line_and_full_room_turn_away_at_once() {
        // Given
        var small = new Stalls(new Bounds(2, 3, 100));
        var place = new Place<>("other", "p", 0, 0);
        var none = new NoRoom<String, String>("refused", Set.of(A), Stalls.WAIT);
        small.caller("1").needs(A, 1).come();
        var second = small.caller("2").needs(A, 1).come();
        // When
        var third = small.caller("3").needs(A, 1).come();
        var elsewhere = small.waitingRoom.enter(place, none, _ -> none);
        var beyondAll = small.waitingRoom.enter(new Place<>("third", "p", 0, 0), none, _ -> none);
        // Then
        assertThat(third.ended()).isEqualTo(new Waited<>("refused", 0, Ending.FULL));
        assertThat(elsewhere.ended().toCompletableFuture()).isNotDone();
        assertThat(beyondAll.ended().toCompletableFuture().join().ending()).isEqualTo(Ending.FULL);
        assertThat(small.waitingRoom.waiting()).isEqualTo(3);
        second.leave();
        assertThat(small.caller("4").needs(A, 1).come().ended()).isNull();
    }

    @Test
    void what_waits_is_bounded_by_its_size_too() {
        // Given
        var small = new Stalls(new Bounds(10, 10, 100));
        var none = new NoRoom<String, String>("refused", Set.of(A), Stalls.WAIT);
        var first = small.waitingRoom.enter(new Place<>("l", "p", 0, 60), none, _ -> none);
        // When
        var tooMuch = small.waitingRoom.enter(new Place<>("l", "p", 0, 41), none, _ -> none);
        // Then
        assertThat(tooMuch.ended().toCompletableFuture().join().ending()).isEqualTo(Ending.FULL);
        first.leave();
        small.work();
        var fits = small.waitingRoom.enter(new Place<>("l", "p", 0, 100), none, _ -> none);
        small.work();
        assertThat(fits.ended().toCompletableFuture()).isNotDone();
    }

    @Test
    void closed_room_sends_everybody_away_and_lets_nobody_in() {
        // Given
        var waits = stalls.caller("x").needs(A, 1).come();
        var entering = stalls.caller("y").needs(A, 1);
        var none = new NoRoom<String, String>("refused", Set.of(A), Stalls.WAIT);
        entering.waiting = stalls.waitingRoom.enter(new Place<>(Stalls.LINE, "y", 0, 0), none, entering);
        // When
        stalls.waitingRoom.close();
        stalls.work();
        // Then
        assertThat(waits.ended()).isEqualTo(new Waited<>("refused", 0, Ending.CLOSED));
        assertThat(entering.ended()).isEqualTo(new Waited<>("refused", 0, Ending.CLOSED));
        assertThat(stalls.caller("z").needs(A, 1).come().ended()).isEqualTo(new Waited<>("refused", 0, Ending.CLOSED));
        assertThat(stalls.waitingRoom.waiting()).isZero();
    }

    @Test
    void failing_attempt_ends_its_own_wait_and_nobody_elses() {
        // Given
        var none = new NoRoom<String, String>("refused", Set.of(A), Stalls.WAIT);
        var place = new Place<>(Stalls.LINE, "broken", 0, 0);
        var broken = stalls.waitingRoom.enter(place, none, _ -> {
            throw new IllegalStateException("store away");
        });
        stalls.work();
        // When
        stalls.caller("x").needs(A, 1).come();
        stalls.free(A, 1);
        // Then
        assertThatThrownBy(() -> broken.ended().toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("store away");
        assertThat(stalls.admitted).containsExactly("x");
        assertThat(stalls.waitingRoom.waiting()).isZero();
    }

    @Test
    void attempt_that_ends_in_an_error_does_not_end_the_line() {
        // Given
        var none = new NoRoom<String, String>("refused", Set.of(A), Stalls.WAIT);
        var place = new Place<>(Stalls.LINE, "broken", 0, 0);
        var broken = stalls.waitingRoom.enter(place, none, _ -> {
            throw new StackOverflowError("a deep document");
        });
        stalls.work();
        // When
        stalls.caller("x").needs(A, 1).come();
        stalls.free(A, 1);
        // Then
        assertThatThrownBy(() -> broken.ended().toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(StackOverflowError.class);
        assertThat(stalls.admitted).containsExactly("x");
        assertThat(stalls.waitingRoom.waiting()).isZero();
    }

    @Test
    void nothing_is_left_behind_when_nobody_waits() {
        // Given
        var callers = List.of(
                stalls.caller("x").needs(A, 1).come(),
                stalls.caller("y").needs(B, 1).come());
        // When
        callers.getFirst().leave();
        stalls.free(B, 1);
        stalls.pass(Stalls.LOOK);
        // Then
        assertThat(stalls.alarms.pending()).isZero();
        assertThat(stalls.waitingRoom.waitedFor(Stalls.LINE, A, Integer.MIN_VALUE))
                .isFalse();
        assertThat(stalls.waitingRoom.waitedFor(Stalls.LINE, B, Integer.MIN_VALUE))
                .isFalse();
    }

    @Test
    void lack_of_nothing_is_no_reason_to_wait() {
        // When
        // Then
        assertThatThrownBy(() -> new NoRoom<String, String>("refused", Set.of(), Stalls.WAIT))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
