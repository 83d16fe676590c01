package dev.quotary.memory;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.LimiterContract.REQUESTS;
import static dev.quotary.testkit.LimiterContract.TOKENS;
import static dev.quotary.testkit.LimiterContract.charge;

import dev.quotary.limit.Posting;
import dev.quotary.testkit.Holds;
import dev.quotary.testkit.LimiterContract;
import java.time.Duration;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** Lincheck tries interleavings: every outcome must be one that the same steps have in some order, one after the other. */
@Param(name = "number", gen = IntGen.class, conf = "1:3")
@Param(name = "amount", gen = IntGen.class, conf = "0:2")
@Param(name = "second", gen = IntGen.class, conf = "0:2")
public class MemoryLimiterLinTest {
    private static final long MAXIMUM = 3;

    private final MemoryLimiter limiter = new MemoryLimiter();

    @Operation
    public String reserve(
            @Param(name = "number") int number,
            @Param(name = "amount") int amount,
            @Param(name = "second") int second) {
        var now = START.plusSeconds(second);
        var charges = List.of(charge(TOKENS, amount, MAXIMUM), charge(REQUESTS, 1, 2));
        return LimiterContract.show(limiter.reserve(Holds.hold(id(number), now, Duration.ofSeconds(1), charges), now));
    }

    @Operation
    public String extend(
            @Param(name = "number") int number,
            @Param(name = "amount") int amount,
            @Param(name = "second") int second) {
        var charges = List.of(charge(TOKENS, amount, MAXIMUM));
        return LimiterContract.show(limiter.extend(
                Holds.hold(id(number), START, Duration.ofSeconds(3), charges), START.plusSeconds(second)));
    }

    @Operation
    public boolean release(@Param(name = "number") int number, @Param(name = "second") int second) {
        return limiter.release(ORGANIZATION, id(number), START.plusSeconds(second))
                .isPresent();
    }

    /** Some amounts are levels, which set the counter instead of adding to it. */
    @Operation
    public void settle(
            @Param(name = "number") int number,
            @Param(name = "amount") int amount,
            @Param(name = "second") int second) {
        var postings = List.of(Posting.add(TOKENS, amount), new Posting(REQUESTS, amount, second == 0));
        limiter.settle(ORGANIZATION, id(number), postings, START.plusSeconds(second));
    }

    /** The reconciler and recounts set committed use beside everything else. */
    @Operation
    public void correct(@Param(name = "amount") int amount) {
        limiter.correct(TOKENS, amount);
    }

    /** A reservation is live, or expired and kept, or there is none. */
    @Operation
    public String find(@Param(name = "number") int number, @Param(name = "second") int second) {
        var now = START.plusSeconds(second);
        return limiter.find(ORGANIZATION, id(number), now)
                .map(hold -> hold.expired(now) ? "expired" : "live")
                .orElse("none");
    }

    /** Holds of the seconds before expire by it. */
    @Operation
    public String levels(@Param(name = "second") int second) {
        return LimiterContract.levels(limiter, START.plusSeconds(second), TOKENS, REQUESTS);
    }

    @Test
    void every_interleaving_is_an_order_of_the_steps() {
        new ModelCheckingOptions()
                .iterations(12)
                .invocationsPerIteration(150)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(1)
                .check(MemoryLimiterLinTest.class);
    }

    @Test
    void stress_finds_no_other_outcome() {
        new StressOptions()
                .iterations(20)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(1)
                .actorsAfter(1)
                .check(MemoryLimiterLinTest.class);
    }
}
