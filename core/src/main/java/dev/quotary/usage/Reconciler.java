package dev.quotary.usage;

import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Declarations;
import dev.quotary.ledger.Coverage;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.SpotChecks;
import dev.quotary.ledger.SpotChecks.Checked;
import dev.quotary.ledger.SumPages.Place;
import dev.quotary.limit.Counted;
import dev.quotary.limit.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Goes over everything that is derived from the ledger, again and again, in small steps: first the limiter's counters, which it corrects
 * where they alone are wrong; then, for each organization, the rollups of this hour and the last, and the sums of the windows that are open.
 *
 * <p>Stored rollups and sums it only tells: the events say what they should be, but how they came to differ should be known before
 * {@code rebuild} mends them. It is only as fast as it is called; whoever calls {@link #step} sees to the pauses. For one thread.
 */
public final class Reconciler {
    private static final long STEP_SECONDS_MAX = 60;
    private static final Duration SETTLING = Duration.ofMinutes(1);

    private final Catalog catalog;
    private final CounterPages counters;
    private final SpotChecks checks;
    private final InstantSource clock;
    private final Observer observer;

    private Optional<Place> place = Optional.of(Place.START);
    private final Deque<OrganizationKey> organizations = new ArrayDeque<>();
    private final Deque<Check> pending = new ArrayDeque<>();
    private Instant begun;
    /** What was declared when that was last looked at, and since when it has been the same. */
    private Declarations declared;

    private Instant declaredSince;

    /** What it does, for metrics and logs. */
    public interface Observer {
        /** Something is not as it should be. */
        void found(Difference difference);

        /** A counter was corrected. */
        void repaired(Difference.OfCounter difference);

        void compared(int counterCount);

        void checked(Checked outcome);

        /** Everything was gone over once; what changed after {@code begun} may not have been seen. */
        void passed(Instant begun);
    }

    private interface Check {
        CompletionStage<Checked> run();
    }

    public Reconciler(
            Catalog catalog, CounterPages counters, SpotChecks checks, InstantSource clock, Observer observer) {
        this.catalog = catalog;
        this.counters = counters;
        this.checks = checks;
        this.clock = clock;
        this.observer = observer;
        this.begun = clock.instant();
        this.declared = catalog.declarations();
        this.declaredSince = begun;
    }

    /**
     * One small step; blocks until it is done.
     *
     * @throws StoreUnavailableException if the store does not answer; the next call tries the same step again
     */
    public void step() {
        if (place.isPresent()) {
            page(place.get());
        } else if (!pending.isEmpty()) {
            observer.checked(done(pending.getFirst().run()));
            pending.removeFirst();
        } else if (!organizations.isEmpty()) {
            plan(organizations.removeFirst());
        } else {
            observer.passed(begun);
            begun = clock.instant();
            place = Optional.of(Place.START);
        }
    }

    private void page(Place from) {
        var page = done(counters.page(from, CounterPages.Remedy.TELL));
        observer.compared(page.compared());
        page.differences().forEach(observer::found);
        if (!page.differences().isEmpty() && sumsRight(page)) {
            done(counters.page(from, CounterPages.Remedy.CORRECT)).differences().forEach(observer::repaired);
        }
        place = page.next();
        if (place.isEmpty()) {
            organizations.addAll(catalog.declarations().organizations().keySet());
        }
    }

    /** Whether it is the counters that are wrong: a counter is not set to a sum that the events do not bear out. */
    private boolean sumsRight(CounterPages.Page page) {
        var coverage = new CatalogCoverage(catalog);
        var wrongSums = new ArrayList<Difference>();
        page.wrong().stream()
                .map(counter -> new Recount(counter.organization(), counter.counted(), counter.window()))
                .distinct()
                .forEach(group -> done(checks.window(group, coverage, wrongSums::add)));
        wrongSums.forEach(observer::found);
        return wrongSums.isEmpty();
    }

    private void plan(OrganizationKey organization) {
        if (!catalog.declarations().organizations().containsKey(organization)) {
            return;
        }
        var now = clock.instant();
        var hour = now.truncatedTo(ChronoUnit.HOURS);
        pending.add(() -> checks.hour(organization, hour.minus(1, ChronoUnit.HOURS), observer::found));
        pending.add(() -> checks.hour(organization, hour, observer::found));
        var coverage = new CatalogCoverage(catalog);
        coverage.counted(organization).stream()
                .sorted(Comparator.comparing(Counted::text))
                .forEach(counted -> pending.add(() -> window(coverage, organization, counted)));
    }

    private CompletionStage<Checked> window(Coverage coverage, OrganizationKey organization, Counted counted) {
        if (!settled()) {
            return CompletableFuture.completedFuture(Checked.LEFT_OUT);
        }
        var window = coverage.window(organization, counted, clock.instant());
        return checks.window(new Recount(organization, counted, window), coverage, observer::found);
    }

    /** While a change of declarations is put in force, sums are counted anew; until that is done they may differ. */
    @SuppressWarnings(
            "ReferenceEquality") // A change makes new declarations, and comparing all that they hold would take long.
    private boolean settled() {
        var now = clock.instant();
        var current = catalog.declarations();
        if (current != declared) {
            declared = current;
            declaredSince = now;
        }
        return !now.isBefore(declaredSince.plus(SETTLING));
    }

    private static <T> T done(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(STEP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new StoreUnavailableException("reconciling", e.getCause());
        } catch (TimeoutException e) {
            throw new StoreUnavailableException("reconciling: no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("reconciling: interrupted", e);
        }
    }
}
