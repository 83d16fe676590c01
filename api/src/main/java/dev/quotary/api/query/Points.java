package dev.quotary.api.query;

import dev.quotary.analytics.Measure;
import dev.quotary.analytics.Series;
import dev.quotary.analytics.Series.Cell;
import java.util.ArrayList;
import java.util.List;

/** A series without gaps. */
final class Points {
    private Points() {}

    /** A cell for every bucket, those without events included. */
    static List<Cell> of(Series series, List<Measure> measures, int buckets) {
        var none = measures.stream().map(Amounts::none).toList();
        var points = new ArrayList<Cell>(buckets);
        for (int i = 0; i < buckets; i++) {
            points.add(new Cell(i, none));
        }
        series.cells().forEach(cell -> points.set(cell.bucket(), cell));
        return points;
    }
}
