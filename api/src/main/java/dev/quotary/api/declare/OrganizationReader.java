package dev.quotary.api.declare;

import dev.quotary.api.webhook.WebhookReader;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Organization;
import dev.quotary.catalog.Plan;
import dev.quotary.catalog.PlanKey;
import dev.quotary.catalog.UnpricedModels;
import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import dev.quotary.limit.Limit;
import dev.quotary.limit.LimitKey;
import dev.quotary.price.OwnPrices;
import dev.quotary.price.PriceBook;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads an organization as plans files write it, without its subjects. */
final class OrganizationReader {
    private static final int WEBHOOKS_MAX = 64;

    private OrganizationReader() {}

    /** @param strict whether an override of a limit that no plan has is an error; else it is left out */
    static Organization read(Value value, Map<PlanKey, Plan> plans, boolean strict) {
        var fields = value.fields();
        var key = fields.need("key").as(OrganizationKey::new);
        var name = fields.string("name").orElse(key.value());
        var calendar = calendar(fields);
        var plan = plan(fields, "plan", plans);
        var anonymousPlan = plan(fields, "anonymous_plan", plans);
        boolean unknownSubjects = yes(fields, "unknown_subjects", "create", "refuse", true);
        var unpricedModels = fields.find("unpriced_models")
                .map(word -> word.oneOf(UnpricedModels.values(), UnpricedModels::key))
                .orElse(UnpricedModels.REFUSE);
        var prices = prices(value, fields, key);
        fields.find("subjects");
        // Read anew for each call: only checked here.
        checkWebhooks(fields.items("webhooks"));
        var overrides =
                new OverrideReader(limit -> limit(limit, plans), "some plan", strict).read(fields.items("overrides"));
        fields.done();
        return new Organization(
                key, name, calendar, plan, anonymousPlan, unknownSubjects, unpricedModels, overrides, prices);
    }

    private static void checkWebhooks(List<Value> webhooks) {
        if (webhooks.size() > WEBHOOKS_MAX) {
            throw webhooks.getLast().wrong("expected at most " + WEBHOOKS_MAX + " webhooks");
        }
        WebhookReader.all(webhooks);
    }

    private static OwnPrices prices(Value place, Fields fields, OrganizationKey key) {
        var rows = fields.items("prices").stream()
                .map(price -> PriceReader.read(price, key.value()))
                .toList();
        var adjustments = fields.items("price_adjustments").stream()
                .map(AdjustmentReader::read)
                .toList();
        var unknown = fields.find("unknown_models").map(price -> PriceReader.readUnknown(price, key.value()));
        return place.checked(() -> {
            var own = new OwnPrices(rows, adjustments, unknown);
            // Two rows of one model and one date are found here, where the place is known.
            var _ = PriceBook.of(List.of()).with(own);
            return own;
        });
    }

    /** The limit of a key in any plan, as subjects of the organization may have any. Where plans differ, the first by key. */
    private static Optional<Limit> limit(LimitKey key, Map<PlanKey, Plan> plans) {
        return plans.values().stream()
                .sorted(Comparator.comparing(plan -> plan.key().value()))
                .flatMap(plan -> plan.limits().stream())
                .filter(limit -> limit.key().equals(key))
                .findFirst();
    }

    private static WindowCalendar calendar(Fields fields) {
        ZoneId zone = fields.find("time_zone")
                .map(value -> value.<ZoneId>as(ZoneId::of))
                .orElse(ZoneOffset.UTC);
        var weekStart = fields.find("week_start")
                .map(value -> value.oneOf(DayOfWeek.values(), day -> day.name().toLowerCase(Locale.ROOT)))
                .orElse(WindowSpec.WEEK_START);
        var anchor = fields.find("billing_anchor").map(Value::date).orElse(LocalDate.EPOCH);
        return new WindowCalendar(zone, weekStart, anchor);
    }

    /** The plan that a member names, which must be declared; null where it names none. */
    static @Nullable PlanKey plan(Fields fields, String member, Map<PlanKey, Plan> plans) {
        return fields.find(member).map(value -> known(value, plans)).orElse(null);
    }

    private static PlanKey known(Value value, Map<PlanKey, Plan> plans) {
        var key = value.as(PlanKey::new);
        if (!plans.containsKey(key)) {
            throw value.wrong("expected a declared plan, was '" + key + "'");
        }
        return key;
    }

    private static boolean yes(Fields fields, String member, String yes, String no, boolean otherwise) {
        return fields.find(member)
                .map(value -> value.oneOf(new String[] {yes, no}, word -> word).equals(yes))
                .orElse(otherwise);
    }
}
