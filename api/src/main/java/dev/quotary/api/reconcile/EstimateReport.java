package dev.quotary.api.reconcile;

import dev.quotary.ledger.Corrections.Recorded;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What was held for calls against what they used, by day and model. For one thread. */
public final class EstimateReport {
    /** Days by models; beyond, a shorter stretch has to be asked about. */
    public static final int LINES_MAX = 20_000;

    private final Map<Key, Line> lines = new TreeMap<>(Key.ORDER);

    private record Key(LocalDate day, String provider, String model) {
        static final Comparator<Key> ORDER =
                Comparator.comparing(Key::day).thenComparing(Key::provider).thenComparing(Key::model);
    }

    /**
     * Calls of one day and model that were held for.
     *
     * @param over how many used more than was held
     * @param estimatedTokens held, all tokens of the calls
     * @param estimatedCost held, in US dollars
     */
    public record Line(
            LocalDate day,
            String provider,
            String model,
            long events,
            long over,
            long estimatedTokens,
            long tokens,
            BigDecimal estimatedCost,
            BigDecimal cost) {
        Line plus(Line other) {
            return new Line(
                    day,
                    provider,
                    model,
                    events + other.events,
                    over + other.over,
                    Math.addExact(estimatedTokens, other.estimatedTokens),
                    Math.addExact(tokens, other.tokens),
                    estimatedCost.add(other.estimatedCost),
                    cost.add(other.cost));
        }
    }

    /**
     * Takes an event in. One that settled no reservation has no estimate, and is passed over.
     *
     * @return false if there are too many lines
     */
    public boolean add(Recorded recorded) {
        var event = recorded.event();
        var estimate = event.estimate();
        if (estimate.isEmpty()) {
            return true;
        }
        var dimensions = event.call().dimensions();
        var key = new Key(
                LocalDate.ofInstant(event.time(), ZoneOffset.UTC),
                Objects.requireNonNullElse(dimensions.provider(), ""),
                Objects.requireNonNullElse(dimensions.model(), ""));
        var held = estimate.get();
        var used = recorded.metered().amounts();
        boolean over = used.cost().compareTo(held.cost()) > 0
                || used.quantities().tokens() > held.quantities().tokens();
        var line = new Line(
                key.day(),
                key.provider(),
                key.model(),
                1,
                over ? 1 : 0,
                held.quantities().tokens(),
                used.quantities().tokens(),
                held.cost().dollars(),
                used.cost().dollars());
        lines.merge(key, line, Line::plus);
        return lines.size() <= LINES_MAX;
    }

    /** In the order of days, providers and models. */
    public List<Line> lines() {
        return new ArrayList<>(lines.values());
    }
}
