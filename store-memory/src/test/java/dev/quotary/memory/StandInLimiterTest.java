package dev.quotary.memory;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.Holds.with;
import static dev.quotary.testkit.LimiterContract.REQUESTS;
import static dev.quotary.testkit.LimiterContract.TOKENS;
import static dev.quotary.testkit.LimiterContract.charge;
import static dev.quotary.testkit.LimiterContract.levels;
import static dev.quotary.testkit.LimiterContract.show;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.quotary.limit.Admission;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.StandInLimiter;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.testkit.LimiterModel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A limiter in a store that may be away, here one in memory behind a switch. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields before each test.
class StandInLimiterTest {
    private static final int COUNTERS_MAX = 2;

    @TempDir
    private Path directory;

    private final LimiterModel store = new LimiterModel();
    private HoldJournal journal;
    private StandInLimiter limiter;
    private boolean away;

    @BeforeEach
    void open() {
        journal = HoldJournal.open(directory.resolve("holds"), 1 << 20);
        limiter = new StandInLimiter(switched(), new JournaledLimiter(new MemoryLimiter(), journal), COUNTERS_MAX);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private Limiter switched() {
        return (Limiter) Proxy.newProxyInstance(
                Limiter.class.getClassLoader(), new Class<?>[] {Limiter.class}, (_, method, arguments) -> {
                    if (away) {
                        throw new StoreUnavailableException("the store is away", null);
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Admission unkept(long number, long amount, long maximum) {
        return limiter.reserveUnkept(hold(number, START, charge(TOKENS, amount, maximum)), START)
                .orElseThrow();
    }

    @Test
    void store_decides_while_it_answers() {
        // Given
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100)), START);
        // When
        var answer = limiter.reserve(hold(2, START, charge(TOKENS, 60, 100)), START);
        // Then
        assertThat(show(answer)).isEqualTo("denied used 0 held 60");
        assertThat(levels(store, START, TOKENS)).isEqualTo("used 0 held 60");
        assertThat(journal.openHolds()).isEmpty();
    }

    @Test
    void failure_of_the_store_is_told_and_holds_nothing() {
        // Given
        away = true;
        // When
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> limiter.reserve(hold(1, START, charge(TOKENS, 1, 100)), START));
        // Then
        assertThat(journal.openHolds()).isEmpty();
    }

    @Test
    void stand_in_goes_on_from_how_the_store_stood_last() {
        // Given
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100)), START);
        away = true;
        // When
        var first = unkept(2, 30, 100);
        var second = unkept(3, 30, 100);
        // Then
        assertThat(show(first)).isEqualTo("granted used 60 held 30");
        assertThat(show(second)).isEqualTo("denied used 60 held 30");
        assertThat(journal.openHolds()).extracting(held -> held.id()).containsExactly(id(2));
    }

    @Test
    void counters_that_nobody_asked_for_lately_are_forgotten() {
        // Given
        var other = dev.quotary.testkit.Holds.counter(
                dev.quotary.meter.MeterKey.COST, dev.quotary.testkit.Holds.DAY, START);
        limiter.reserve(hold(1, START, charge(TOKENS, 60, 100)), START);
        limiter.levels(ORGANIZATION, List.of(REQUESTS, other), START);
        away = true;
        // When
        var answer = unkept(2, 50, 100);
        // Then
        assertThat(show(answer)).isEqualTo("granted used 0 held 50");
    }

    @Test
    void hold_of_the_stand_in_is_found_extended_and_released_without_the_store() {
        // Given
        away = true;
        unkept(1, 10, 100);
        unkept(2, 20, 100);
        var first = hold(1, START, charge(TOKENS, 10, 100));
        // When
        var extended = limiter.extend(with(first, charge(TOKENS, 15, 100)), START);
        var released = limiter.release(ORGANIZATION, id(2), START);
        // Then
        assertThat(show(extended)).isEqualTo("granted used 0 held 35");
        assertThat(released).isPresent();
        assertThat(limiter.find(ORGANIZATION, id(1), START)).isPresent();
    }

    @Test
    void hold_of_the_stand_in_is_dropped_when_the_ledger_has_its_use_and_the_store_counts_that_alone() {
        // Given
        away = true;
        unkept(1, 10, 100);
        away = false;
        // When: the ledger records, which is what moves the store, and tells.
        store.settle(ORGANIZATION, id(1), List.of(Posting.add(TOKENS, 7)), START);
        limiter.settle(ORGANIZATION, id(1), List.of(Posting.add(TOKENS, 7)), START);
        // Then
        assertThat(levels(limiter, START, TOKENS)).isEqualTo("used 7 held 0");
        assertThat(journal.openHolds()).isEmpty();
        away = true;
        assertThat(show(unkept(2, 93, 100))).isEqualTo("granted used 7 held 93");
    }

    @Test
    void holds_of_the_stand_in_outlive_the_process() {
        // Given
        away = true;
        unkept(1, 10, 100);
        journal.close();
        // When
        open();
        // Then
        assertThat(limiter.openHolds()).extracting(held -> held.id()).containsExactly(id(1));
    }
}
