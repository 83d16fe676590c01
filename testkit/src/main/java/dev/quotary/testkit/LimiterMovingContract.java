package dev.quotary.testkit;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.Holds.with;
import static dev.quotary.testkit.LimiterContract.charge;
import static dev.quotary.testkit.LimiterContract.levels;
import static dev.quotary.testkit.LimiterContract.show;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.limit.Admission;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Leeway;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What limiters promise whose limits move with time: sliding windows, burst and grace. */
public interface LimiterMovingContract {
    WindowSpec SLIDING = WindowSpec.parse("sliding-minute");
    Duration GRACE = Duration.ofSeconds(20);

    Limiter limiter();

    @Test
    default void sliding_window_counts_over_the_end_of_the_minute() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(1, at(50), sliding(6, at(50))), at(50));
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(slice(at(50)), 6)), at(51));
        // When
        var refused = limiter.reserve(hold(2, at(70), sliding(5, at(70))), at(70));
        var fits = limiter.reserve(hold(3, at(70), sliding(4, at(70))), at(70));
        // Then
        assertThat(show(refused)).isEqualTo("denied used 6 held 0");
        assertThat(show(fits)).isEqualTo("granted used 6 held 4");
        assertThat(((Admission.Denied) refused).levels().past(0).freesAt()).isEqualTo(at(111));
        assertThat(levels(limiter, at(110), slice(at(110)))).isEqualTo("used 6 held 4");
        assertThat(levels(limiter, at(111), slice(at(111)))).isEqualTo("used 0 held 4");
        assertThat(levels(limiter, at(131), slice(at(131)))).isEqualTo("used 0 held 0");
    }

    @Test
    default void use_of_a_sliding_window_is_in_the_slice_of_its_admission() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(id(1), at(0), Duration.ofMinutes(5), List.of(sliding(10, at(0)))), at(0));
        // When: it ends long after its slice has left the window.
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(slice(at(0)), 10)), at(100));
        // Then
        assertThat(levels(limiter, at(100), slice(at(100)))).isEqualTo("used 0 held 0");
        assertThat(show(limiter.reserve(hold(2, at(100), sliding(10, at(100))), at(100))))
                .isEqualTo("granted used 0 held 10");
    }

    @Test
    default void extension_needs_room_in_every_stretch_over_its_slice() {
        // Given: 6 at 0 s, 4 at 30 s.
        var limiter = limiter();
        limiter.settle(ORGANIZATION, id(9), List.of(Posting.add(slice(at(0)), 6)), at(0));
        var held = hold(id(1), at(30), Duration.ofSeconds(270), List.of(sliding(4, at(30))));
        limiter.reserve(held, at(30));
        // When: at 80 s the first has left, but both were in one minute.
        var more = limiter.extend(with(held, sliding(5, at(30))), at(80));
        var longer = limiter.extend(with(held, at(400), held.charges()), at(80));
        var late = limiter.extend(with(held, at(400), List.of(sliding(5, at(30)))), at(91));
        // Then
        assertThat(show(more)).isEqualTo("denied used 6 held 0");
        assertThat(show(longer)).isEqualTo("granted used 0 held 4");
        assertThat(late).isInstanceOf(Admission.Denied.class);
    }

    /** The promise itself, counted by hand over every stretch of a minute. */
    @Test
    default void no_stretch_of_a_sliding_window_ever_has_more_than_its_maximum() {
        Seeds.forEach(100, random -> {
            // Given
            var limiter = limiter();
            var taken = new TreeMap<Instant, Long>();
            var now = START;
            for (int i = 0; i < 150; i++) {
                now = now.plusMillis(random.nextInt(4) == 0 ? 0 : random.nextLong(6_000));
                long amount = 1 + random.nextLong(5);
                var proposal = hold(id(i), now, lifeUntil(now, 3_000), List.of(sliding(amount, now)));
                // When
                if (limiter.reserve(proposal, now) instanceof Admission.Granted) {
                    taken.merge(now, amount, Long::sum);
                    var larger = with(proposal, sliding(amount + 2, proposal.admittedAt()));
                    now = now.plusMillis(random.nextLong(2_000) * random.nextInt(20));
                    if (random.nextBoolean() && limiter.extend(larger, now) instanceof Admission.Granted) {
                        taken.merge(proposal.admittedAt(), 2L, Long::sum);
                    }
                }
                // Then
                assertThat(fullest(taken)).isLessThanOrEqualTo(10);
            }
            assertThat(fullest(taken)).isGreaterThan(5);
        });
    }

    private static long fullest(NavigableMap<Instant, Long> taken) {
        return taken.keySet().stream()
                .mapToLong(first -> taken.subMap(first, first.plusSeconds(60)).values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .max()
                .orElse(0);
    }

    private static Duration lifeUntil(Instant now, long seconds) {
        return Duration.between(now, Instant.ofEpochSecond(now.getEpochSecond() + seconds));
    }

    @Test
    default void burst_uses_what_the_window_before_left() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(id(1), at(30), Duration.ofSeconds(50), List.of(burst(3, at(30)))), at(30));
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(minute(at(30)), 3)), at(30));
        limiter.reserve(hold(id(2), at(40), Duration.ofSeconds(50), List.of(burst(4, at(40)))), at(40));
        // When: 7 of 10 were used and held, so 3 are left for the next minute.
        var most = limiter.reserve(hold(3, at(60), burst(13, at(60))), at(60));
        var more = limiter.reserve(hold(4, at(60), burst(1, at(60))), at(60));
        var released = limiter.release(ORGANIZATION, id(2), at(61));
        var then = limiter.reserve(hold(5, at(61), burst(3, at(61))), at(61));
        // Then: a burst of 6 at most.
        assertThat(show(most)).isEqualTo("granted used 0 held 13");
        assertThat(((Admission.Granted) most).levels().past(0).before()).isEqualTo(7);
        assertThat(more).isInstanceOf(Admission.Denied.class);
        assertThat(released).isPresent();
        assertThat(show(then)).isEqualTo("granted used 0 held 16");
        assertThat(limiter.reserve(hold(6, at(61), burst(1, at(61))), at(61))).isInstanceOf(Admission.Denied.class);
    }

    @Test
    default void burst_is_not_carried_over_a_window() {
        // Given
        var limiter = limiter();
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(minute(at(60)), 16)), at(60));
        // When: the window before was a burst itself, though the one before that was empty.
        var answer = limiter.reserve(hold(2, at(120), burst(11, at(120))), at(120));
        // Then
        assertThat(answer).isInstanceOf(Admission.Denied.class);
        assertThat(show(limiter.reserve(hold(3, at(120), burst(10, at(120))), at(120))))
                .isEqualTo("granted used 0 held 10");
    }

    /** Twice the maximum in two windows, unless the first was a burst; never more than the maximum on average. */
    @Test
    default void bursts_never_raise_the_average() {
        Seeds.forEach(50, random -> {
            // Given
            var limiter = limiter();
            long before = 0;
            long total = 0;
            for (int window = 1; window <= 30; window++) {
                var now = at(60L * window);
                long used = 0;
                int calls = random.nextInt(20);
                // When
                for (int call = 0; call < calls; call++) {
                    var proposal = hold(100L * window + call, now, burst(1, now));
                    if (limiter.reserve(proposal, now) instanceof Admission.Granted) {
                        limiter.settle(ORGANIZATION, proposal.id(), List.of(Posting.add(minute(now), 1)), now);
                        used++;
                    }
                }
                // Then
                assertThat(used).isEqualTo(Math.min(calls, 10 + Math.min(6, Math.max(0, 10 - before))));
                total += used;
                assertThat(total).isLessThanOrEqualTo(10L * window + 6);
                before = used;
            }
        });
    }

    @Test
    default void grace_begins_with_the_first_call_beyond_the_maximum_and_ends() {
        // Given
        var limiter = limiter();
        limiter.reserve(hold(1, at(0), graced(10, at(0))), at(0));
        var within =
                limiter.levels(ORGANIZATION, List.of(day(at(0))), at(0)).past(0).exceededAt();
        // When
        var first = limiter.reserve(hold(2, at(5), graced(3, at(5))), at(5));
        var last = limiter.reserve(hold(3, at(24), graced(2, at(24))), at(24));
        var over = limiter.reserve(hold(4, at(25), graced(1, at(25))), at(25));
        // Then
        assertThat(within).isNull();
        assertThat(show(first)).isEqualTo("granted used 0 held 13");
        assertThat(((Admission.Granted) first).levels().past(0).exceededAt()).isEqualTo(at(5));
        assertThat(show(last)).isEqualTo("granted used 0 held 15");
        assertThat(((Admission.Granted) last).levels().past(0).exceededAt()).isEqualTo(at(5));
        assertThat(show(over)).isEqualTo("denied used 0 held 15");
    }

    @Test
    default void grace_has_its_own_bound_and_a_refused_call_begins_none() {
        // Given
        var limiter = limiter();
        // When
        var beyond = limiter.reserve(hold(1, at(0), graced(16, at(0))), at(0));
        var other = limiter.reserve(hold(2, at(0), graced(12, at(0)), charge(LimiterContract.REQUESTS, 1, 0)), at(0));
        // Then
        assertThat(beyond).isInstanceOf(Admission.Denied.class);
        assertThat(other).isInstanceOf(Admission.Denied.class);
        assertThat(limiter.levels(ORGANIZATION, List.of(day(at(0))), at(0))
                        .past(0)
                        .exceededAt())
                .isNull();
    }

    @Test
    default void grace_that_the_ledger_knows_of_goes_on_and_can_be_ended() {
        // Given
        var limiter = limiter();
        limiter.correct(day(at(0)), 12);
        limiter.exceeded(day(at(0)), at(0));
        // When
        var during = limiter.reserve(hold(1, at(19), graced(1, at(19))), at(19));
        var after = limiter.reserve(hold(2, at(20), graced(1, at(20))), at(20));
        limiter.exceeded(day(at(0)), null);
        var anew = limiter.reserve(hold(3, at(30), graced(1, at(30))), at(30));
        // Then
        assertThat(during).isInstanceOf(Admission.Granted.class);
        assertThat(after).isInstanceOf(Admission.Denied.class);
        assertThat(((Admission.Granted) anew).levels().past(0).exceededAt()).isEqualTo(at(30));
    }

    @Test
    default void limits_on_one_counter_all_hold() {
        // Given
        var limiter = limiter();
        var both = graced(11, at(0)).within(charge(day(at(0)), 11, 10));
        // When
        var answer = limiter.reserve(hold(1, at(0), both), at(0));
        // Then
        assertThat(answer).isInstanceOf(Admission.Denied.class);
    }

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }

    private static CounterKey slice(Instant at) {
        return Holds.counter(MeterKey.TOKENS, SLIDING, at);
    }

    private static Charge sliding(long amount, Instant at) {
        return charge(slice(at), amount, 10);
    }

    private static CounterKey minute(Instant at) {
        return Holds.lookingBack(MeterKey.TOKENS, Holds.MINUTE, at);
    }

    private static Charge burst(long amount, Instant at) {
        return new Charge(minute(at), amount, Long.MAX_VALUE, List.of(new Leeway(10, 6, 0, Duration.ZERO)));
    }

    private static CounterKey day(Instant at) {
        return Holds.counter(MeterKey.TOKENS, Holds.DAY, at);
    }

    private static Charge graced(long amount, Instant at) {
        return new Charge(day(at), amount, Long.MAX_VALUE, List.of(new Leeway(10, 0, 5, GRACE)));
    }
}
