package dev.quotary.api.prices;

import dev.quotary.api.prices.PriceDraft.Part;
import dev.quotary.http.Value;
import dev.quotary.price.Component;
import dev.quotary.price.ServiceTier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the data of genai-prices: providers with models, each with rules of names and with prices per 1,000,000 tokens, which may be
 * dated, and may have a threshold.
 *
 * <p>Models are imported under their id and under names that match exactly. Beginnings are not taken for patterns: what begins with
 * {@code gpt-4o} includes models of other prices. Service tiers and regions are unknown to this form.
 */
final class GenaiPrices {
    private static final Map<String, Component> UNITS = Map.ofEntries(
            Map.entry("input_mtok", Component.INPUT),
            Map.entry("cache_read_mtok", Component.CACHED_INPUT),
            Map.entry("cache_write_mtok", Component.CACHE_WRITE_5M),
            Map.entry("cache_write_1h_mtok", Component.CACHE_WRITE_1H),
            Map.entry("output_mtok", Component.OUTPUT),
            Map.entry("input_audio_mtok", Component.INPUT_AUDIO),
            Map.entry("output_audio_mtok", Component.OUTPUT_AUDIO),
            Map.entry("input_image_mtok", Component.INPUT_IMAGE),
            Map.entry("output_image_mtok", Component.OUTPUT_IMAGE));
    private static final Map<String, Component> THOUSANDS =
            Map.of("web_searches_kcount", Component.WEB_SEARCHES, "requests_kcount", Component.REQUESTS);
    private static final int THOUSANDS_SHIFT = 3;
    private static final Part LONG = new Part(ServiceTier.STANDARD, true);

    private GenaiPrices() {}

    static List<PriceDraft> read(Value file) {
        var drafts = new ArrayList<PriceDraft>();
        for (var provider : file.items()) {
            var fields = provider.entries();
            var name = PriceFile.PROVIDERS.get(need(provider, fields, "id").string());
            if (name != null) {
                for (var model : need(provider, fields, "models").items()) {
                    model(drafts, name, model);
                }
            }
        }
        return drafts;
    }

    private static Value need(Value place, Map<String, Value> fields, String name) {
        var value = fields.get(name);
        if (value == null) {
            throw place.wrong("expected the member '" + name + "'");
        }
        return value;
    }

    private static void model(List<PriceDraft> drafts, String provider, Value model) {
        var fields = model.entries();
        var id = need(model, fields, "id").string();
        var names = new LinkedHashSet<String>(List.of(id));
        if (fields.get("match") != null) {
            exactNames(fields.get("match"), names);
        }
        var prices = need(model, fields, "prices");
        for (var name : names) {
            if (prices.isList()) {
                dated(drafts, provider, name, prices);
            } else {
                var draft = new PriceDraft(provider, name, "");
                fill(draft, prices);
                drafts.add(draft);
            }
        }
    }

    /** The names that one of the alternatives of a rule equals. */
    private static void exactNames(Value match, Set<String> names) {
        if (!match.isObject()) {
            return;
        }
        var rule = match.entries();
        var equal = rule.get("equals");
        if (equal != null && equal.isText()) {
            names.add(equal.string());
        }
        var alternatives = rule.get("or");
        if (alternatives != null && alternatives.isList()) {
            alternatives.items().forEach(alternative -> exactNames(alternative, names));
        }
    }

    private static void dated(List<PriceDraft> drafts, String provider, String name, Value prices) {
        for (var conditional : prices.items()) {
            var fields = conditional.entries();
            var constraint = fields.get("constraint");
            var from = start(constraint);
            var draft = new PriceDraft(provider, name, from);
            if (constraint != null && !constraint.isNull() && from.isEmpty()) {
                draft.leaveOut("its prices depend on more than a date");
            }
            fill(draft, need(conditional, fields, "prices"));
            drafts.add(draft);
        }
    }

    private static String start(@Nullable Value constraint) {
        if (constraint == null || !constraint.isObject()) {
            return "";
        }
        var start = constraint.entries().get("start_date");
        return start == null || !start.isText() ? "" : start.string();
    }

    private static void fill(PriceDraft draft, Value prices) {
        if (draft.model().contains("embedding")) {
            draft.writesNothing();
        }
        if (draft.model().endsWith("-latest")) {
            draft.leaveOut("it is an alias, which may stand for another model by now");
        }
        for (var entry : prices.entries().entrySet()) {
            var value = entry.getValue();
            var unit = UNITS.get(entry.getKey());
            var fee = THOUSANDS.get(entry.getKey());
            if (unit != null && value.isObject()) {
                tiers(draft, unit, value);
            } else if (unit != null) {
                number(draft, Part.STANDARD, unit, value);
            } else if (fee != null) {
                PriceFile.number(value)
                        .ifPresentOrElse(
                                price -> draft.put(Part.STANDARD, fee, price.movePointRight(THOUSANDS_SHIFT)),
                                () -> draft.leaveOut(entry.getKey() + " is no price"));
            } else {
                draft.remark(entry.getKey() + " is not imported");
            }
        }
        sameBelowAndAbove(draft);
    }

    private static void number(PriceDraft draft, Part part, Component component, Value value) {
        PriceFile.number(value)
                .ifPresentOrElse(
                        price -> draft.put(part, component, price),
                        () -> draft.leaveOut(component.key() + " is no price"));
    }

    private static void tiers(PriceDraft draft, Component component, Value value) {
        var fields = value.entries();
        var tiers = fields.get("tiers");
        if (fields.get("base") == null
                || tiers == null
                || !tiers.isList()
                || tiers.items().size() != 1) {
            draft.leaveOut(component.key() + " has another number of thresholds than one");
            return;
        }
        var tier = tiers.items().getFirst();
        number(draft, Part.STANDARD, component, need(value, fields, "base"));
        number(draft, LONG, component, need(tier, tier.entries(), "price"));
        draft.longOver(need(tier, tier.entries(), "start").integer(0, Long.MAX_VALUE));
    }

    /** What has no threshold of its own costs the same in a long prompt. */
    private static void sameBelowAndAbove(PriceDraft draft) {
        var normal = draft.prices().get(Part.STANDARD);
        if (draft.longOver().isPresent() && normal != null) {
            normal.forEach((component, price) -> {
                if (component.token() && draft.price(LONG, component).isEmpty()) {
                    draft.put(LONG, component, price);
                }
            });
        }
    }
}
