package dev.quotary.api.reconcile;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a provider reports against what is recorded here, by day and model. For one thread. */
public final class ProviderComparison {
    private final Map<Key, ReportRow> theirs = new TreeMap<>(Key.ORDER);
    private final Map<Key, ReportRow> ours = new TreeMap<>(Key.ORDER);

    private record Key(LocalDate day, String model) {
        static final Comparator<Key> ORDER = Comparator.comparing(Key::day).thenComparing(Key::model);
    }

    /** One day and model. What one side does not have is empty. */
    public record Line(LocalDate day, String model, Optional<ReportRow> theirs, Optional<ReportRow> ours) {}

    public void theirs(ReportRow row) {
        theirs.merge(new Key(row.day(), row.model()), row, ProviderComparison::plus);
    }

    public void ours(ReportRow row) {
        ours.merge(new Key(row.day(), row.model()), row, ProviderComparison::plus);
    }

    private static ReportRow plus(ReportRow one, ReportRow other) {
        return new ReportRow(one.day(), one.model(), counts(one, other), cost(one, other));
    }

    private static Optional<ReportRow.Counts> counts(ReportRow one, ReportRow other) {
        if (one.counts().isEmpty() || other.counts().isEmpty()) {
            return one.counts().or(other::counts);
        }
        var left = one.counts().get();
        var right = other.counts().get();
        return Optional.of(new ReportRow.Counts(
                left.requests().flatMap(requests -> right.requests().map(more -> Math.addExact(requests, more))),
                Math.addExact(left.input(), right.input()),
                Math.addExact(left.output(), right.output())));
    }

    private static Optional<BigDecimal> cost(ReportRow one, ReportRow other) {
        return one.cost().isPresent() && other.cost().isPresent()
                ? Optional.of(one.cost().get().add(other.cost().get()))
                : one.cost().or(other::cost);
    }

    /** The days that the report is about; empty for an empty report. */
    public Optional<LocalDate> firstDay() {
        return theirs.keySet().stream().map(Key::day).min(Comparator.naturalOrder());
    }

    public Optional<LocalDate> lastDay() {
        return theirs.keySet().stream().map(Key::day).max(Comparator.naturalOrder());
    }

    /** Every day and model that either side has, in their order. */
    public List<Line> lines() {
        var keys = new TreeSet<>(Key.ORDER);
        keys.addAll(theirs.keySet());
        keys.addAll(ours.keySet());
        var lines = new ArrayList<Line>();
        for (var key : keys) {
            lines.add(new Line(
                    key.day(), key.model(), Optional.ofNullable(theirs.get(key)), Optional.ofNullable(ours.get(key))));
        }
        return lines;
    }
}
