package dev.quotary.testkit;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.limit.Charge;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Scope;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Counters and holds for tests of limiters: short to write, complete in every field. */
public final class Holds {
    public static final OrganizationKey ORGANIZATION = new OrganizationKey("acme");
    /** The start of a minute, a day, a month and a year in UTC. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    public static final Duration TTL = Duration.ofSeconds(60);
    public static final WindowSpec MINUTE = WindowSpec.parse("minute");
    public static final WindowSpec HOUR = WindowSpec.parse("hour");
    public static final WindowSpec DAY = WindowSpec.parse("day");

    private Holds() {}

    /** A counter of the organization as a whole, in the window that contains {@code at}. */
    public static CounterKey counter(MeterKey meter, WindowSpec window, Instant at) {
        return counter(new Counted(meter, Filter.ALL, Scope.ORGANIZATION, window), ORGANIZATION.value(), at);
    }

    /** The counter of one user, session or the like. */
    public static CounterKey counter(Counted counted, String scopeValue, Instant at) {
        return new CounterKey(
                ORGANIZATION, counted, scopeValue, counted.window().at(at, WindowCalendar.UTC));
    }

    /** The counter of the organization with that of the window before, as a limit with burst names it. */
    public static CounterKey lookingBack(MeterKey meter, WindowSpec window, Instant at) {
        var counter = counter(meter, window, at);
        var before = window.at(counter.window().start().minusNanos(1), WindowCalendar.UTC);
        return new CounterKey(
                ORGANIZATION, counter.counted(), counter.scopeValue(), counter.window(), counter.in(before));
    }

    public static ReservationId id(long number) {
        return new ReservationId(0x0190_0000_0000_7000L, number);
    }

    /** A hold of {@link #TTL}, whose fingerprint is that of its number. */
    public static Hold hold(long number, Instant now, Charge... charges) {
        return hold(id(number), now, TTL, List.of(charges));
    }

    public static Hold hold(ReservationId id, Instant now, Duration ttl, List<Charge> charges) {
        var call = new Call(ORGANIZATION, null, null, Dimensions.NONE);
        return new Hold(id, call, Amounts.NONE, charges, now, now.plus(ttl), Hold.Origin.API, id.low());
    }

    /** The same hold with other charges: a request to extend it. */
    public static Hold with(Hold hold, Charge... charges) {
        return with(hold, hold.expiresAt(), List.of(charges));
    }

    public static Hold with(Hold hold, Instant expiresAt, List<Charge> charges) {
        return new Hold(
                hold.id(),
                hold.call(),
                hold.amounts(),
                charges,
                hold.admittedAt(),
                expiresAt,
                hold.origin(),
                hold.fingerprint(),
                hold.queueWaitMillis(),
                hold.metadata());
    }

    /** The same request with other content. */
    public static Hold otherContent(Hold hold) {
        return new Hold(
                hold.id(),
                hold.call(),
                hold.amounts(),
                hold.charges(),
                hold.admittedAt(),
                hold.expiresAt(),
                hold.origin(),
                hold.fingerprint() + 1);
    }

    /** The same hold for another organization; its charges stay, and must be counters of that one to be of use. */
    public static Hold of(OrganizationKey organization, Hold hold, Charge... charges) {
        return new Hold(
                hold.id(),
                new Call(organization, null, null, Dimensions.NONE),
                hold.amounts(),
                List.of(charges),
                hold.admittedAt(),
                hold.expiresAt(),
                hold.origin(),
                hold.fingerprint());
    }
}
