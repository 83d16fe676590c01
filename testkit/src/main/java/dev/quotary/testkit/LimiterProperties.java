package dev.quotary.testkit;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.ReservationId;
import dev.quotary.limit.Admission;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Leeway;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Seeded runs of random steps: the limiter under test and {@link LimiterModel} must answer alike at every step, and every counter of
 * a current window must stand alike after it.
 *
 * <p>Counters of ended windows are not compared, and holds in them are not extended: a limiter may forget what they used.
 */
public interface LimiterProperties {
    /** A new limiter that holds and counts nothing yet. */
    Limiter limiter();

    default int seeds() {
        return 500;
    }

    default int steps() {
        return 200;
    }

    /**
     * What becomes of the limiter when its process dies and starts again. One without a memory beyond its process does not.
     *
     * @param charges of every hold that may come back
     * @param used of the counters that still count, as the ledger has it
     */
    default Limiter restarted(
            Limiter before, Map<ReservationId, List<Charge>> charges, Map<CounterKey, Long> used, Instant now) {
        return before;
    }

    /** Whether {@link #restarted} is to be tried. */
    default boolean survivesRestarts() {
        return false;
    }

    /** Whether sliding windows, burst and grace are to be tried: an adapter must decide all of them, or say that it does not. */
    default boolean moving() {
        return true;
    }

    @Test
    default void limiter_agrees_with_the_model_at_every_step() {
        Seeds.forEach(seeds(), random -> {
            var run = new Run(random, this);
            for (int step = 0; step < steps(); step++) {
                run.step();
            }
        });
    }

    /** One seeded run. */
    final class Run {
        private static final int IDS = 12;
        private static final List<MeterKey> METERS = List.of(MeterKey.TOKENS, MeterKey.REQUESTS);
        private static final List<WindowSpec> WINDOWS = List.of(
                Holds.MINUTE,
                Holds.HOUR,
                WindowSpec.LIFETIME,
                WindowSpec.parse("sliding-minute"),
                WindowSpec.parse("sliding-hour"));

        private final RandomGenerator random;
        private final LimiterProperties properties;
        private final LimiterModel model = new LimiterModel();
        private final Map<ReservationId, List<Charge>> charges = new HashMap<>();
        private final long maximum;
        private Limiter limiter;
        private Instant now = Holds.START;

        Run(RandomGenerator random, LimiterProperties properties) {
            this.random = random;
            this.properties = properties;
            this.limiter = properties.limiter();
            this.maximum = random.nextLong(0, 40);
        }

        void step() {
            now = now.plus(Duration.ofMillis(millisUntilNext()));
            switch (random.nextInt(properties.survivesRestarts() ? 12 : 11)) {
                case 0, 1, 2, 3 -> reserve();
                case 4 -> extend();
                case 5 -> release();
                case 6, 7 -> settle();
                case 8 -> record();
                case 9 -> correct();
                case 10 -> find();
                case 11 -> restart();
                default -> throw new IllegalStateException("no such step");
            }
            var current = current();
            assertThat(show(limiter.levels(ORGANIZATION, current, now), current))
                    .isEqualTo(show(model.levels(ORGANIZATION, current, now), current));
        }

        private long millisUntilNext() {
            return switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> 0;
                case 4, 5, 6 -> random.nextLong(1_500);
                case 7, 8 -> random.nextLong(10_000);
                default -> random.nextLong(400_000);
            };
        }

        private void reserve() {
            var id = anyId();
            var proposal = Holds.hold(id, now, anyTtl(), anyCharges(now));
            agree(limiter.reserve(proposal, now), model.reserve(proposal, now));
        }

        /** Twins of a request: a repeat of a live one, and other content under a known id. */
        private void find() {
            var id = anyId();
            var found = model.find(ORGANIZATION, id, now);
            assertThat(limiter.find(ORGANIZATION, id, now)).isEqualTo(found);
            found.ifPresent(hold -> {
                var twin =
                        random.nextBoolean() ? Holds.with(hold, wholeSecond(now.plusSeconds(9)), hold.charges()) : hold;
                var asked = random.nextBoolean() ? twin : Holds.otherContent(twin);
                if (asked.expiresAt().isAfter(now) && allCurrent(asked)) {
                    agree(limiter.reserve(asked, now), model.reserve(asked, now));
                }
            });
        }

        private void extend() {
            var id = anyId();
            var known = model.find(ORGANIZATION, id, now);
            if (known.isEmpty() || !allCurrent(known.get())) {
                return;
            }
            var other = Holds.with(
                    known.get(), later(known.get()), anyCharges(known.get().admittedAt()));
            agree(limiter.extend(other, now), model.extend(other, now));
        }

        private void release() {
            var id = anyId();
            assertThat(limiter.release(ORGANIZATION, id, now)).isEqualTo(model.release(ORGANIZATION, id, now));
        }

        private void settle() {
            var id = anyId();
            var admittedAt =
                    model.find(ORGANIZATION, id, now).map(Hold::admittedAt).orElse(now);
            post(id, admittedAt);
        }

        private void record() {
            post(new ReservationId(1, random.nextLong()), now);
        }

        private void post(ReservationId id, Instant at) {
            var postings = anyCharges(at).stream()
                    .map(charge -> new Posting(charge.counter(), charge.amount(), random.nextInt(4) == 0))
                    .toList();
            limiter.settle(ORGANIZATION, id, postings, now);
            model.settle(ORGANIZATION, id, postings, now);
        }

        private void correct() {
            var some = properties.moving() ? current() : fixed(now);
            var counter = some.get(random.nextInt(some.size()));
            long used = random.nextLong(maximum + 5);
            limiter.correct(counter, used);
            model.correct(counter, used);
        }

        private void restart() {
            limiter = properties.restarted(limiter, charges, model.remembered(now), now);
            model.graces().forEach(limiter::exceeded);
            model.restart();
        }

        private void agree(Admission answer, Admission expected) {
            assertThat(show(answer)).isEqualTo(show(expected));
            if (expected instanceof Admission.Granted granted) {
                charges.put(granted.hold().id(), granted.hold().charges());
            }
        }

        private ReservationId anyId() {
            return Holds.id(random.nextInt(IDS));
        }

        /** Such that it ends at a whole second. */
        private Duration anyTtl() {
            var end = now.plusSeconds(1 + random.nextInt(random.nextInt(10) == 0 ? 3_000 : 30));
            return Duration.between(now, wholeSecond(end));
        }

        private static Instant wholeSecond(Instant instant) {
            return instant.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        }

        private Instant later(Hold hold) {
            return hold.expiresAt().plusSeconds(random.nextInt(20));
        }

        private List<Charge> anyCharges(Instant at) {
            var some = new ArrayList<Charge>();
            for (var counter : counters(at)) {
                if ((properties.moving() || !sliding(counter)) && random.nextInt(3) > 0) {
                    some.add(anyCharge(counter, at));
                }
            }
            return some;
        }

        private Charge anyCharge(CounterKey counter, Instant at) {
            long amount = random.nextLong(9);
            if (!properties.moving() || random.nextInt(3) > 0) {
                return new Charge(counter, amount, random.nextInt(6) == 0 ? Long.MAX_VALUE : maximum);
            }
            var spec = counter.counted().window();
            boolean burst = spec instanceof WindowSpec.Calendar && random.nextBoolean();
            boolean grace = !(spec instanceof WindowSpec.Sliding) && random.nextBoolean();
            var leeway = new Leeway(
                    maximum,
                    burst ? random.nextLong(maximum + 1) : 0,
                    random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextLong(9),
                    grace ? Duration.ofSeconds(random.nextInt(1, 90)) : Duration.ZERO);
            return new Charge(
                    burst ? Holds.lookingBack(counter.counted().meter(), spec, at) : counter,
                    amount,
                    Long.MAX_VALUE,
                    List.of(leeway));
        }

        private List<CounterKey> current() {
            return counters(now);
        }

        private static List<CounterKey> counters(Instant at) {
            return METERS.stream()
                    .flatMap(meter -> WINDOWS.stream().map(window -> Holds.counter(meter, window, at)))
                    .toList();
        }

        private boolean allCurrent(Hold hold) {
            return fixed(hold.admittedAt()).equals(fixed(now));
        }

        /** Of a sliding window there is no end that a limiter could forget at. */
        private static List<CounterKey> fixed(Instant at) {
            return counters(at).stream().filter(counter -> !sliding(counter)).toList();
        }

        private static boolean sliding(CounterKey counter) {
            return counter.counted().window() instanceof WindowSpec.Sliding;
        }

        private String show(Admission answer) {
            return switch (answer) {
                case Admission.Granted granted ->
                    (granted.repeated() ? "repeated " : "granted ")
                            + granted.hold()
                            + show(granted.levels(), counters(granted.hold().charges()));
                case Admission.Denied denied -> "denied" + LimiterContract.show(denied.levels());
                case Admission.Mismatch mismatch -> "mismatch " + mismatch.existing();
                case Admission.Closed _ -> "closed";
            };
        }

        private static List<CounterKey> counters(List<Charge> charges) {
            return charges.stream().map(Charge::counter).toList();
        }

        private String show(Levels levels, List<CounterKey> counters) {
            assertThat(levels.size()).isEqualTo(counters.size());
            var text = new StringBuilder();
            for (int i = 0; i < levels.size(); i++) {
                if (sliding(counters.get(i)) || counters.get(i).window().contains(now)) {
                    text.append(" used ")
                            .append(levels.used(i))
                            .append(" held ")
                            .append(levels.held(i))
                            .append(' ')
                            .append(levels.past(i));
                }
            }
            return text.toString();
        }
    }
}
