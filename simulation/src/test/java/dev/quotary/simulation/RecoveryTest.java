package dev.quotary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Declarations;
import dev.quotary.catalog.Organization;
import dev.quotary.catalog.Plan;
import dev.quotary.catalog.PlanKey;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Counted;
import dev.quotary.limit.Exceeded;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Limit;
import dev.quotary.limit.LimitKey;
import dev.quotary.limit.Maximum;
import dev.quotary.limit.OnStoreFailure;
import dev.quotary.limit.Scope;
import dev.quotary.memory.HoldJournal;
import dev.quotary.memory.JournaledLimiter;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.PriceBook;
import dev.quotary.price.TokenUsage;
import dev.quotary.testkit.FakeClock;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Proposal;
import dev.quotary.usage.Recovery;
import dev.quotary.usage.Reserved;
import dev.quotary.usage.Settlements;
import dev.quotary.usage.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the simulation found in recovery. */
class RecoveryTest {
    private static final OrganizationKey ACME = new OrganizationKey("acme");
    private static final Call CALL = new Call(ACME, new SubjectKey("ada"), null, Dimensions.NONE);
    private static final ReservationId ID = new ReservationId(0, 1);

    private final FakeClock clock = new FakeClock();
    private final SimulatedDisk disk = new SimulatedDisk(new Fate());
    private final MemoryLedger.Storage storage = new MemoryLedger.Storage();
    private final Catalog catalog = catalog();

    /** The limits, the ledger and the engine of one process. */
    private record Life(Admissions admissions, Settlements settlements, GroupLedger ledger) {}

    @Test
    void extension_in_a_window_that_ended_before_the_restart_has_the_room_that_was_left_in_it() {
        // Given: 60 of 100 used, 20 held in yesterday's window
        var before = start();
        before.admissions().reserve(new Proposal(ID, CALL, tokens(20), true, Duration.ofHours(2), Hold.Origin.API, 0));
        var use = new UsageEvent(
                new EventId(2, 1),
                clock.instant(),
                CALL,
                new Metered(tokens(60), TokenUsage.NONE, Optional.empty(), Evidence.REPORTED),
                Result.SUCCESS,
                "",
                0);
        var _ = before.settlements().record(List.of(use));
        before.ledger().flush();
        clock.advance(Duration.ofHours(1));
        // When
        var after = start();
        var hold = after.admissions().find(ACME, ID).orElseThrow();
        var tooMuch = after.admissions().extend(hold, tokens(21), Duration.ofHours(1));
        var justEnough = after.admissions().extend(hold, tokens(20), Duration.ofHours(1));
        // Then
        assertThat(verdict(tooMuch)).isEqualTo(Verdict.DENIED);
        assertThat(verdict(justEnough)).isNotEqualTo(Verdict.DENIED);
    }

    private Life start() {
        var limiter =
                new JournaledLimiter(new MemoryLimiter(), HoldJournal.open(Path.of("holds"), Long.MAX_VALUE, disk));
        var ledger = storage.open(Settlements.follower(limiter, clock));
        new Recovery(catalog, ledger, clock).recover(limiter);
        return new Life(new Admissions(catalog, limiter, clock), new Settlements(catalog, ledger, clock), ledger);
    }

    private Catalog catalog() {
        clock.advance(Duration.ofHours(23).plusMinutes(30));
        var counted = new Counted(MeterKey.TOKENS, Filter.ALL, Scope.SUBJECT, WindowSpec.parse("day"));
        var limit = new Limit(
                new LimitKey("daily"), counted, new Maximum(100), List.of(), Exceeded.BLOCK, OnStoreFailure.DENY);
        var plan = new Plan(new PlanKey("free"), 0, null, List.of(limit));
        var acme = new Organization(ACME, "Acme", WindowCalendar.UTC, plan.key(), null, true, true);
        return new Catalog(
                new Declarations(Map.of(), Map.of(plan.key(), plan), Map.of(ACME, acme), PriceBook.of(List.of())));
    }

    private static Amounts tokens(long count) {
        return new Amounts(Quantities.ofTokens(0, count, 0), Money.ZERO);
    }

    private static Verdict verdict(Reserved reserved) {
        return ((Reserved.Decided) reserved).decision().verdict();
    }
}
