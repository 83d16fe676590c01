package dev.quotary.api.declare;

import dev.quotary.catalog.Plan;
import dev.quotary.catalog.PlanKey;
import dev.quotary.http.Value;
import dev.quotary.meter.Meter;
import dev.quotary.meter.MeterKey;
import java.util.List;
import java.util.Map;

/** Reads a plan as plans files write it. */
final class PlanReader {
    private static final int PRIORITY_MAX = 1_000_000;

    private PlanReader() {}

    static Plan read(Value value, Map<MeterKey, Meter> meters, List<Warning> warnings) {
        var limitReader = new LimitReader(meters, warnings);
        var fields = value.fields();
        var key = fields.need("key").as(PlanKey::new);
        int priority = fields.find("priority")
                .map(number -> (int) number.integer(-PRIORITY_MAX, PRIORITY_MAX))
                .orElse(0);
        var upgradeUrl = fields.string("upgrade_url").orElse(null);
        var limits = fields.items("limits").stream().map(limitReader::read).toList();
        fields.done();
        return value.checked(() -> new Plan(key, priority, upgradeUrl, limits));
    }
}
