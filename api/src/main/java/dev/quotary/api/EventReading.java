package dev.quotary.api;

import dev.quotary.api.event.CloudEvent;
import dev.quotary.api.event.EventMeters;
import dev.quotary.call.Call;
import dev.quotary.call.EventId;
import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Value;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Origin;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.Meter;
import dev.quotary.meter.MeterKey;
import dev.quotary.money.Money;
import dev.quotary.price.TokenUsage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes usage events of CloudEvents: what declared meters read in them, whose they are, and by what they are known. */
final class EventReading {
    private final Catalog catalog;
    private final CallReader calls;
    private final InstantSource clock;
    /** Compiled from what was declared a moment ago; made anew when that has changed. */
    private volatile Compiled compiled = new Compiled(Map.of(), EventMeters.of(List.of()));

    private record Compiled(Map<MeterKey, Meter> declared, EventMeters meters) {}

    EventReading(Catalog catalog, CallReader calls, InstantSource clock) {
        this.catalog = catalog;
        this.calls = calls;
        this.clock = clock;
    }

    /**
     * Who reports.
     *
     * @param key the API key that was shown; null where there is none
     * @param own the only subject it may report for; null for any. Ids that it gives are its own
     */
    record Reporter(
            OrganizationKey organization,
            @Nullable KeyId key,
            @Nullable SubjectKey own) {}

    /** @throws dev.quotary.http.InvalidInputException naming the place of the first that cannot be taken */
    List<UsageEvent> read(Reporter reporter, List<Value> events) {
        var meters = meters();
        var now = clock.instant();
        return events.stream().map(event -> read(reporter, event, meters, now)).toList();
    }

    @SuppressWarnings(
            "ReferenceEquality") // Declarations never change: another map is another declaration, or costs one more
    // reading.
    private EventMeters meters() {
        var declared = catalog.declarations().meters();
        var known = compiled;
        if (known.declared() != declared) {
            known = new Compiled(declared, EventMeters.of(declared.values()));
            compiled = known;
        }
        return known.meters();
    }

    private UsageEvent read(Reporter reporter, Value value, EventMeters meters, Instant now) {
        var event = CloudEvent.read(value);
        var read = meters.read(event);
        var subject = value.checked(() -> new SubjectKey(event.subject()));
        var own = reporter.own();
        if (own != null && !own.equals(subject)) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "This key acts for its own subject only.");
        }
        var call = new Call(reporter.organization(), subject, reporter.key(), read.dimensions());
        calls.requireAccount(call, now);
        var time = event.time()
                .map(given -> RecordReader.time(value.fields().need("time"), given, now))
                .orElse(now);
        var id = own == null
                ? EventId.named(reporter.organization(), event.source(), event.id())
                : EventId.named(reporter.organization(), own, event.source(), event.id());
        var metered = new Metered(
                new Amounts(read.quantities(), Money.ZERO), TokenUsage.NONE, Optional.empty(), Evidence.REPORTED);
        return new UsageEvent(
                id,
                time,
                call,
                metered,
                Result.SUCCESS,
                Optional.empty(),
                event.dataText(),
                event.fingerprint(),
                Optional.of(new Origin(event.source(), event.id(), event.type(), now)));
    }
}
