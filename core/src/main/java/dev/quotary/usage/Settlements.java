package dev.quotary.usage;

import dev.quotary.call.Call;
import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.call.SubjectKey;
import dev.quotary.call.Visitor;
import dev.quotary.catalog.Account;
import dev.quotary.catalog.Catalog;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Reset;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Limit;
import dev.quotary.limit.LimitKey;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.Window;
import dev.quotary.time.WindowSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Commit and record: everything after a call was made.
 *
 * <p>The event goes to the ledger first; counters move when the ledger says that it is durable ({@link #follower}), in the ledger's
 * order and once per event; then the caller is answered. A crash between any two of these steps is harmless: without the event
 * nothing was acknowledged and a repeat with the same id finishes what was begun, and with the event the counters are read from the
 * ledger at the next start. Safe for many threads; blocks none.
 */
public final class Settlements {
    private final Catalog catalog;
    private final Ledger ledger;
    private final InstantSource clock;
    private final @Nullable Merging merging;

    public Settlements(Catalog catalog, Ledger ledger, InstantSource clock) {
        this.catalog = catalog;
        this.ledger = ledger;
        this.clock = clock;
        this.merging = null;
    }

    /** As above, where what visitors used follows them into their accounts. */
    public Settlements(Catalog catalog, Ledger ledger, InstantSource clock, Merging merging) {
        this.catalog = catalog;
        this.ledger = ledger;
        this.clock = clock;
        this.merging = merging;
    }

    /** Empty where visitors do not become accounts. */
    public Optional<Merging> merging() {
        return Optional.ofNullable(merging);
    }

    /** What moves the counters of a limiter after the ledger; give it to the ledger that feeds this engine. */
    public static Follower follower(Limiter limiter, InstantSource clock) {
        return new Follower() {
            @Override
            public void recorded(Entry entry) {
                var event = entry.event();
                limiter.settle(
                        event.call().organization(), event.id().reservation(), entry.postings(), clock.instant());
            }

            @Override
            public void recounted(CounterKey counter, long used) {
                limiter.correct(counter, used);
            }

            @Override
            public void exceeded(CounterKey counter, @Nullable Instant at) {
                limiter.exceeded(counter, at);
            }
        };
    }

    /**
     * Settles a hold with what was really used, which may be more than was held.
     *
     * <p>The use is charged to the windows in which the call was admitted, also after they ended. After the hold has expired it is
     * still recorded, and marked late.
     */
    public CompletionStage<Settled> commit(Hold hold, Commitment commitment) {
        boolean late = hold.expired(clock.instant());
        var call = new Call(
                hold.call().organization(), hold.call().subject(), hold.call().key(), commitment.dimensions());
        var event = new UsageEvent(
                hold.id().event(),
                hold.admittedAt(),
                call,
                commitment.metered(),
                commitment.result().lateIf(late),
                Optional.of(hold.amounts()),
                commitment.metadata().isEmpty() ? hold.metadata() : commitment.metadata(),
                commitment.fingerprint());
        // By the event's own dimensions, so that counting anew from the events gives the same.
        var recorded = catalog.posting(() -> ledger.append(List.of(new Entry(event, postings(event, false)))));
        return followed(List.of(event), recorded).thenApply(appended -> settled(appended.getFirst()));
    }

    /**
     * What a visitor used that is somebody by now goes to that account too, before it is acknowledged. If that cannot be done, the event stands
     * nevertheless; the next start moves what it used.
     */
    private <T> CompletionStage<T> followed(List<UsageEvent> events, CompletionStage<T> recorded) {
        var merges = merging;
        if (merges == null || events.stream().noneMatch(Settlements::ofVisitor)) {
            return recorded;
        }
        return recorded.thenCompose(answer -> {
            // Asked after the event is durable: who merges the visitor meanwhile blocks it first, and looks once more
            // at what it used afterwards.
            var organization = events.getFirst().call().organization();
            CompletionStage<T> done = CompletableFuture.completedStage(answer);
            for (var visitor : visitors(events)) {
                if (merges.ended(organization, visitor)) {
                    done = done.thenCompose(_ -> merges.rest(organization, visitor))
                            .handle((_, _) -> answer);
                }
            }
            return done;
        });
    }

    private static Set<SubjectKey> visitors(List<UsageEvent> events) {
        return events.stream()
                .flatMap(event -> Stream.ofNullable(event.call().subject()))
                .filter(Visitor::is)
                .collect(Collectors.toSet());
    }

    private static boolean ofVisitor(UsageEvent event) {
        var subject = event.call().subject();
        return subject != null && Visitor.is(subject);
    }

    /** What became of a reservation that is not held any more: the answer to a repeated commit. */
    public CompletionStage<Settled> repeated(OrganizationKey organization, ReservationId id, long fingerprint) {
        return ledger.find(organization, id.event()).thenApply(found -> {
            if (found.isEmpty()) {
                return new Settled.Unknown();
            }
            return found.get().fingerprint() == fingerprint
                    ? new Settled.Done(found.get(), true)
                    : new Settled.Mismatch();
        });
    }

    private static Settled settled(Appended appended) {
        return switch (appended) {
            case Appended.Recorded recorded -> new Settled.Done(recorded.event(), false);
            case Appended.Duplicate duplicate -> new Settled.Done(duplicate.event(), true);
            case Appended.Mismatch _ -> new Settled.Mismatch();
        };
    }

    /**
     * Records use after the fact, all of it or nothing; never refused for a limit.
     *
     * @param events of one organization, 1 to {@link Ledger#BATCH_MAX}
     */
    public CompletionStage<List<Appended>> record(List<UsageEvent> events) {
        var recorded = catalog.posting(() -> ledger.append(events.stream()
                .map(event -> new Entry(event, postings(event, true), levels(event)))
                .toList()));
        return followed(events, recorded);
    }

    /** Reported, so that the amount is the level itself; whether or not a limit counts it today. */
    private Set<MeterKey> levels(UsageEvent event) {
        var named = event.metered().amounts().quantities().others().keySet();
        if (named.isEmpty()) {
            return Set.of();
        }
        var declared = catalog.declarations();
        return named.stream().filter(declared::level).collect(Collectors.toSet());
    }

    /**
     * Sets what a subject has used in its current windows back to 0, for the next decision. What is held stays held, and levels stay as
     * they are: nobody has less stored because an operator is generous.
     *
     * @param limit the one limit that is meant; empty for all that count the subject alone
     * @param by who does it: the id of an API key
     * @return empty if there is no such subject, or it has no such limit
     */
    public Optional<CompletionStage<List<Reset>>> reset(
            OrganizationKey organization, SubjectKey subject, Optional<LimitKey> limit, String by) {
        var now = clock.instant();
        return catalog.account(organization, subject, now).flatMap(account -> {
            var limits = account.limits().stream()
                    .filter(each -> limit.isEmpty() || each.key().equals(limit.get()))
                    .filter(each -> resettable(each.counted()))
                    .map(Limit::counted)
                    .distinct()
                    .toList();
            if (limit.isPresent() && limits.isEmpty()) {
                return Optional.empty();
            }
            var counters = limits.stream()
                    .flatMap(counted -> current(counted, account, now)
                            .map(window -> new CounterKey(organization, counted, subject.value(), window)))
                    .toList();
            return Optional.of(
                    counters.isEmpty()
                            ? CompletableFuture.completedFuture(List.of())
                            : ledger.reset(counters, now, by));
        });
    }

    private boolean resettable(Counted counted) {
        return counted.scope() == Scope.SUBJECT
                && !counted.inFlight()
                && !catalog.declarations().level(counted.meter());
    }

    /** All slices of a sliding window; only the current one of others, though the last may count for a burst. */
    private static Stream<Window> current(Counted counted, Account account, Instant now) {
        var calendar = account.organization().calendar();
        return counted.window() instanceof WindowSpec.Sliding
                ? counted.counting(now, calendar).stream()
                : Stream.of(counted.window().at(now, calendar));
    }

    /** What was set back of a subject, newest first. */
    public CompletionStage<List<Reset>> resets(OrganizationKey organization, SubjectKey subject) {
        return ledger.resets(organization, subject.value());
    }

    /** A recorded event of an organization. */
    public CompletionStage<Optional<UsageEvent>> find(OrganizationKey organization, EventId id) {
        return ledger.find(organization, id);
    }

    private List<Posting> postings(UsageEvent event, boolean reported) {
        var call = event.call();
        return catalog.charged(call.organization(), call.subject(), clock.instant())
                .map(account -> Charging.of(
                                account.bindings(call, event.time()),
                                event.metered().amounts())
                        .postings(catalog.declarations(), reported))
                .orElse(List.of());
    }
}
