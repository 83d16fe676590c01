package dev.quotary.server.command;

import dev.quotary.http.Documents;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** Reads what the demo has to know of a status. */
final class DemoStatus {
    private DemoStatus() {}

    /** What was used of a limit on cost, in whole cents; 0 if there is no such limit. */
    static long usedCents(String status, String limit) {
        var fields = Documents.json(status.getBytes(StandardCharsets.UTF_8)).fields();
        for (var item : fields.items("limits")) {
            var members = item.fields();
            if (members.need("limit").string().equals(limit)) {
                return new BigDecimal(members.need("used").string())
                        .movePointRight(2)
                        .setScale(0, RoundingMode.HALF_UP)
                        .longValueExact();
            }
        }
        return 0;
    }
}
