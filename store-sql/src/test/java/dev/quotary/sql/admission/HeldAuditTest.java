package dev.quotary.sql.admission;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.LimiterContract.REQUESTS;
import static dev.quotary.testkit.LimiterContract.TOKENS;
import static dev.quotary.testkit.LimiterContract.charge;
import static dev.quotary.testkit.LimiterContract.levels;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.ledger.Difference;
import dev.quotary.ledger.SumPages.Place;
import dev.quotary.limit.Admission;
import dev.quotary.limit.CounterKey;
import dev.quotary.testkit.LimiterRaceContract;
import dev.quotary.testkit.postgres.PostgresServer;
import dev.quotary.usage.CounterPages.Page;
import dev.quotary.usage.CounterPages.Remedy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeldAuditTest {
    private final LimiterDatabase database = new LimiterDatabase(PostgresServer.shared());
    private final PostgresLimiter limiter = database.node("one");
    private final HeldAudit audit = new HeldAudit(database::connect);

    @AfterEach
    void close() {
        limiter.close();
    }

    private record All(int compared, List<Difference.OfCounter> differences) {}

    private All all(Remedy remedy) {
        int compared = 0;
        var differences = new ArrayList<Difference.OfCounter>();
        for (var place = Optional.of(Place.START); place.isPresent(); ) {
            Page page = audit.page(place.get(), remedy).toCompletableFuture().join();
            compared += page.compared();
            differences.addAll(page.differences());
            place = page.next();
        }
        return new All(compared, differences);
    }

    private static Difference.OfCounter held(CounterKey counter, long expected, long found) {
        var whose = new Difference.Whose(counter.scopeValue(), counter.window().start());
        return new Difference.OfCounter(ORGANIZATION, counter.text() + " held", whose, expected, found);
    }

    @Test
    void counters_that_hold_what_their_reservations_hold_are_right() {
        // Given
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100), charge(REQUESTS, 1, 10)), START);
        limiter.reserve(hold(2, START, charge(TOKENS, 5, 100)), START);
        limiter.reserve(hold(3, START, charge(TOKENS, 7, 100)), START);
        limiter.release(ORGANIZATION, id(3), START);
        // When
        var all = all(Remedy.TELL);
        // Then
        assertThat(all).isEqualTo(new All(2, List.of()));
    }

    @Test
    void phantom_and_missing_holds_are_told_and_corrected() {
        // Given
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100), charge(REQUESTS, 1, 10)), START);
        limiter.reserve(hold(2, START, charge(REQUESTS, 1, 10)), START);
        database.execute("UPDATE counter_held SET held = held + 7 WHERE counted = '" + TOKENS.text() + "'");
        database.execute("DELETE FROM counter_held WHERE counted = '" + REQUESTS.text() + "'");
        var wrong = List.of(held(REQUESTS, 2, 0), held(TOKENS, 60, 67));
        // When
        var told = all(Remedy.TELL);
        var corrected = all(Remedy.CORRECT);
        // Then
        assertThat(told.compared()).isEqualTo(2);
        assertThat(told.differences()).containsExactlyInAnyOrderElementsOf(wrong);
        assertThat(corrected.differences()).containsExactlyInAnyOrderElementsOf(wrong);
        assertThat(all(Remedy.TELL)).isEqualTo(new All(2, List.of()));
        assertThat(levels(limiter, START, TOKENS, REQUESTS)).isEqualTo("used 0 held 60, used 0 held 2");
    }

    @Test
    void phantom_hold_that_no_reservation_is_on_is_freed() {
        // Given
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100)), START);
        database.execute("DELETE FROM reservation");
        // When
        var corrected = all(Remedy.CORRECT);
        // Then
        assertThat(corrected.differences()).containsExactly(held(TOKENS, 0, 60));
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 0 held 0");
    }

    /** What is found is found at one moment: decisions that are made meanwhile are no differences. */
    @Test
    void looking_and_correcting_while_others_decide_finds_and_changes_nothing() throws Exception {
        // Given
        var over = new AtomicBoolean();
        var compared = new AtomicLong();
        var found = new ArrayList<Difference.OfCounter>();
        var looking = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                var all = all(compared.get() % 2 == 0 ? Remedy.TELL : Remedy.CORRECT);
                found.addAll(all.differences());
                compared.addAndGet(1);
            }
        });
        // When
        LimiterRaceContract.race(racer -> {
            for (int i = 0; i < 20; i++) {
                long number = racer * 100L + i;
                var answer = limiter.reserve(
                        hold(number, START, charge(TOKENS, 1 + i, 1_000_000), charge(REQUESTS, 1, 1_000_000)), START);
                if (answer instanceof Admission.Granted && i % 3 != 0) {
                    limiter.release(ORGANIZATION, id(number), START);
                }
            }
        });
        over.set(true);
        looking.join();
        // Then
        assertThat(found).isEmpty();
        assertThat(compared.get()).isPositive();
        assertThat(all(Remedy.TELL)).isEqualTo(new All(2, List.of()));
        assertThat(levels(limiter, START, REQUESTS)).isEqualTo("used 0 held " + LimiterRaceContract.RACERS * 7);
    }
}
