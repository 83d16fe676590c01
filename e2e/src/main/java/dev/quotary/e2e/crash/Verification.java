package dev.quotary.e2e.crash;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Compares what the server says now with what it had acknowledged. */
final class Verification {
    private static final int ASKING_MAX = 16;
    private static final List<String> LIMITS = List.of("requests", "tokens", "cost");

    private final Asking api;
    private final Faults faults;
    private final AtomicLong estimates = new AtomicLong();

    Verification(Asking api, Faults faults) {
        this.api = api;
        this.faults = faults;
    }

    /** How many events are a marked estimate instead of what was acknowledged, where that may be. */
    long estimates() {
        return estimates.get();
    }

    /** How a limit stands. */
    private record Level(BigDecimal used, BigDecimal held) {}

    /** Every event acknowledged since this was last asked is there, as it was acknowledged. */
    void freshEvents(List<Tally> tallies) throws InterruptedException {
        events(tallies, Tally::takeFresh);
    }

    /** Every acknowledged event is there, as it was acknowledged; returns their sums by subject. */
    Map<String, Use> events(List<Tally> tallies) throws InterruptedException {
        return events(tallies, Tally::acknowledged);
    }

    private Map<String, Use> events(List<Tally> tallies, Function<Tally, Map<String, Use>> which)
            throws InterruptedException {
        var asked = new ArrayList<Callable<Found>>();
        var room = new Semaphore(ASKING_MAX);
        for (var tally : tallies) {
            which.apply(tally)
                    .forEach((id, use) -> asked.add(() -> {
                        room.acquire();
                        try {
                            return new Found(tally.subject(), event(tally, id, use));
                        } finally {
                            room.release();
                        }
                    }));
        }
        var sums = new TreeMap<String, Use>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(asked)) {
                var found = done.get();
                sums.merge(found.subject(), found.use(), Use::plus);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("an event could not be asked for", e.getCause());
        }
        return sums;
    }

    private record Found(String subject, Use use) {}

    private Use event(Tally tally, String id, Use acknowledged) throws IOException {
        var answer = api.get("/api/v1/usage/events/" + id);
        if (!answer.ok()) {
            faults.add(Faults.Kind.LOST, id + " was acknowledged, now: " + answer);
            return Use.NONE;
        }
        var use = Use.of(answer.json());
        boolean costKnown = acknowledged.cost().signum() > 0;
        var expected = costKnown
                ? acknowledged
                : new Use(acknowledged.requests(), acknowledged.input(), acknowledged.output(), use.cost());
        if (!use.same(expected)) {
            if (tally.takesEstimates() && answer.json().at("source").text().equals("estimate")) {
                estimates.incrementAndGet();
                return use;
            }
            faults.add(Faults.Kind.LOST, id + " was acknowledged as " + acknowledged + ", now: " + use);
        }
        return use;
    }

    /**
     * The use of every subject is that of its events, and the organization's is that of its subjects.
     *
     * @param sums of the acknowledged events by subject
     */
    void use(List<Tally> tallies, Map<String, Use> sums) throws IOException {
        var all = new TreeMap<String, BigDecimal>();
        for (var tally : tallies) {
            var levels = levels(tally.subject());
            var sum = sums.getOrDefault(tally.subject(), Use.NONE);
            var unsure = tally.unsure();
            between(tally, "requests", levels, sum.requests(), unsure.requests());
            between(tally, "tokens", levels, sum.tokens(), unsure.tokens());
            var cost = sum.cost();
            var used = level(levels, "cost").used();
            // What an unsure call may have cost is not known here; that of all others is.
            boolean wrong = tally.unsureCalls() == 0 ? used.compareTo(cost) != 0 : used.compareTo(cost) < 0;
            if (wrong) {
                faults.add(Faults.Kind.MISCOUNTED, tally.subject() + " cost: used " + used + ", events " + cost);
            }
            LIMITS.forEach(limit -> all.merge(limit, level(levels, limit).used(), BigDecimal::add));
        }
        var organization = levels(tallies.getFirst().subject());
        for (var limit : LIMITS) {
            var used = level(organization, "organization-" + limit).used();
            if (used.compareTo(all.getOrDefault(limit, BigDecimal.ZERO)) != 0) {
                faults.add(
                        Faults.Kind.MISCOUNTED,
                        "the organization's " + limit + ": used " + used + ", its subjects " + all.get(limit));
            }
        }
    }

    private void between(Tally tally, String limit, Map<String, Level> levels, long least, long unsure) {
        var used = level(levels, limit).used();
        if (used.compareTo(BigDecimal.valueOf(least)) < 0 || used.compareTo(BigDecimal.valueOf(least + unsure)) > 0) {
            faults.add(
                    Faults.Kind.MISCOUNTED,
                    tally.subject() + " " + limit + ": used " + used + ", acknowledged " + least
                            + ", in flight at kills " + unsure);
        }
    }

    /** Nothing is held for the subjects. */
    void holds(List<Tally> tallies) throws IOException {
        for (var tally : tallies) {
            levels(tally.subject()).forEach((limit, level) -> {
                if (level.held().signum() != 0) {
                    faults.add(Faults.Kind.PHANTOM, tally.subject() + " " + limit + ": held " + level.held());
                }
            });
        }
    }

    /** As {@link #holds}, for limits of the subject alone: others may hold something for the organization. */
    void ownHolds(List<Tally> tallies) throws IOException {
        for (var tally : tallies) {
            var levels = levels(tally.subject());
            for (var limit : LIMITS) {
                var held = level(levels, limit).held();
                if (held.signum() != 0) {
                    faults.add(Faults.Kind.PHANTOM, tally.subject() + " " + limit + " after a restart: held " + held);
                }
            }
        }
    }

    private static Level level(Map<String, Level> levels, String limit) {
        var level = levels.get(limit);
        if (level == null) {
            throw new IllegalStateException("the status lacks the limit " + limit + ": " + levels);
        }
        return level;
    }

    private Map<String, Level> levels(String subject) throws IOException {
        var answer = api.get("/api/v1/usage/status?subject=" + subject);
        if (!answer.ok()) {
            throw new IOException("the status of " + subject + ": " + answer);
        }
        var levels = new TreeMap<String, Level>();
        for (var limit : answer.json().at("limits").items()) {
            levels.put(
                    limit.at("limit").text(),
                    new Level(limit.at("used").decimal(), limit.at("held").decimal()));
        }
        return levels;
    }
}
