package dev.quotary.sql;

import dev.quotary.call.Dimensions;
import dev.quotary.meter.MeterKey;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of an event matters to the sums of declared meters.
 *
 * @param time in {@link Micros}
 * @param subject the empty text for none
 * @param levels meters whose amount is the level itself
 */
record MeteredEvent(
        long time, String subject, Dimensions dimensions, Map<MeterKey, Long> amounts, Set<MeterKey> levels) {
    /** In the order of {@link #read}. */
    static final String COLUMNS =
            "time, subject, provider, model, feature, session, workflow, dimensions, quantities, levels";

    static MeteredEvent read(Columns columns) throws SQLException {
        long time = columns.number();
        var subject = columns.textOrNull();
        var dimensions = EventRow.dimensions(columns);
        var amounts = EventRow.quantities(columns.textOrNull());
        return new MeteredEvent(
                time, subject == null ? "" : subject, dimensions, amounts, levels(columns.textOrNull()));
    }

    private static Set<MeterKey> levels(@Nullable String text) {
        return text == null
                ? Set.of()
                : Stream.of(text.split(" ", -1)).map(MeterKey::new).collect(Collectors.toSet());
    }

    /** What the sums of its meters are kept by. */
    String rollupDimensions() {
        return MeterDimensions.of(dimensions, amounts.keySet());
    }

    /** The value that counts once for a meter of aggregation unique. */
    Optional<String> value(MeterKey meter) {
        return Optional.ofNullable(dimensions.others().get(meter.value()));
    }
}
