package dev.quotary.analytics.simulate;

import dev.quotary.analytics.simulate.Replayed.ByLimit;
import dev.quotary.analytics.simulate.Replayed.BySubject;
import dev.quotary.analytics.simulate.Replayed.Sum;
import dev.quotary.call.SubjectKey;
import dev.quotary.usage.Decision;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts what would have come of each call. For one thread. */
final class Tally {
    /** Beyond, further ones are in the total only. About 500 bytes each. */
    private static final int SUBJECTS_MAX = 100_000;

    private final Map<Who, Ofone> subjects = new HashMap<>();
    private Sum total = Sum.NONE;

    private record Who(@Nullable SubjectKey subject) {}

    private static final class Ofone {
        private Sum sum = Sum.NONE;
        private final Map<String, ByLimit> limits = new TreeMap<>();
    }

    void add(@Nullable SubjectKey subject, Sum one, Optional<Decision> decision, Instant at) {
        total = total.plus(one);
        var who = new Who(subject);
        if (!subjects.containsKey(who) && subjects.size() >= SUBJECTS_MAX) {
            return;
        }
        var sums = subjects.computeIfAbsent(who, _ -> new Ofone());
        sums.sum = sums.sum.plus(one);
        decision.ifPresent(decided -> limits(sums, decided, at));
    }

    private static void limits(Ofone sums, Decision decision, Instant at) {
        boolean allowed = decision.verdict().allowed();
        for (var status : decision.limits()) {
            boolean refused = !allowed && status.violated();
            boolean warned = allowed && status.threshold().isPresent();
            if (refused || warned) {
                var one = new ByLimit(
                        status.limit().key().value(),
                        refused ? 1 : 0,
                        warned ? 1 : 0,
                        refused ? Optional.of(at) : Optional.empty(),
                        warned ? Optional.of(at) : Optional.empty());
                sums.limits.merge(one.limit(), one, Tally::both);
            }
        }
    }

    /** @param later than {@code earlier} */
    private static ByLimit both(ByLimit earlier, ByLimit later) {
        return new ByLimit(
                earlier.limit(),
                earlier.refused() + later.refused(),
                earlier.warned() + later.warned(),
                earlier.firstRefused().or(later::firstRefused),
                earlier.firstWarned().or(later::firstWarned));
    }

    Replayed replayed(int subjectsMax) {
        var affected = subjects.entrySet().stream()
                .filter(entry -> touched(entry.getValue()))
                .map(entry -> new BySubject(
                        entry.getKey().subject(),
                        entry.getValue().sum,
                        List.copyOf(entry.getValue().limits.values())))
                .sorted(Comparator.comparingLong((BySubject each) -> -each.sum().refused())
                        .thenComparingLong(each -> -each.sum().wouldWait())
                        .thenComparingLong(each -> -each.sum().warned())
                        .thenComparing(each -> String.valueOf(each.subject())))
                .toList();
        return new Replayed(total, affected.stream().limit(subjectsMax).toList(), affected.size());
    }

    private static boolean touched(Ofone sums) {
        return !sums.limits.isEmpty() || sums.sum.rejected() > 0 || sums.sum.throttled() > 0;
    }
}
