package dev.quotary.api;

import dev.quotary.analytics.Dimension;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows of a meter query as CSV (RFC 4180), under OpenMeter's names. */
final class MeterCsv {
    private MeterCsv() {}

    /** @param lines start and end of the window, the values of the groups, and the value */
    static Reply reply(List<Dimension> groupBy, List<List<String>> lines) {
        var header = new ArrayList<>(List.of("window_start", "window_end"));
        groupBy.forEach(dimension -> header.add(dimension.key()));
        header.add("value");
        var text = new StringBuilder(line(header));
        lines.forEach(line -> text.append(line(line)));
        return response -> {
            if (!response.ended() && !response.closed()) {
                response.putHeader(HttpHeaders.CONTENT_TYPE, "text/csv; charset=utf-8")
                        .end(text.toString());
            }
        };
    }

    private static String line(List<String> fields) {
        return fields.stream().map(MeterCsv::field).collect(Collectors.joining(",", "", "\r\n"));
    }

    /** What a spreadsheet would take for a formula is marked as text: names of subjects come from strangers. */
    private static String field(String text) {
        var plain = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return plain.matches("[^\",\r\n]*") ? plain : "\"" + plain.replace("\"", "\"\"") + "\"";
    }
}
