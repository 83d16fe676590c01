package dev.quotary.api;

import dev.quotary.analytics.SubjectUse;
import dev.quotary.analytics.SubjectUses;
import dev.quotary.api.query.Asked;
import dev.quotary.api.query.Overview;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Subject;
import dev.quotary.money.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * One page of everybody: who is declared, and who has used something in the last days.
 *
 * <p>All of them are ranked anew for each page, as use goes on meanwhile: a cursor is the rank and the key of the last one shown, so that
 * nobody is shown twice but who has moved. How limits stand is looked up for those on the page alone, unless they are to be ranked by it.
 */
final class SubjectPage {
    private static final String LIST = "admin-subjects";
    private static final int DAYS = 30;
    private static final Set<String> KNOWN =
            Set.of("organization", "days", "sort", "q", "blocked", "declared", "limit", "cursor");

    private final SubjectUses uses;
    private final SubjectRows rows;
    private final Exchange exchange;
    private final Asked asked;
    private final Overview overview;
    private final Sort sort;

    /** What the list is ranked by, the largest first; those that are equal by their keys. */
    enum Sort {
        COST,
        REQUESTS,
        TOKENS,
        LAST_ACTIVE,
        PERCENT,
        KEY;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Somebody, and how high.
     *
     * @param use null where it used nothing
     */
    private record Ranked(SubjectKey key, long rank, Optional<SubjectUse> use) {
        static final Comparator<Ranked> ORDER = Comparator.comparingLong(Ranked::rank)
                .reversed()
                .thenComparing(each -> each.key().value());
    }

    SubjectPage(SubjectUses uses, SubjectRows rows, Exchange exchange, Asked asked) {
        this.uses = uses;
        this.rows = rows;
        this.exchange = exchange;
        this.asked = asked;
        this.overview = Overview.of(exchange.queried(), asked, DAYS, KNOWN);
        this.sort = exchange.query("sort").map(SubjectPage::sort).orElse(Sort.COST);
        if (sort == Sort.PERCENT && !rows.immediate()) {
            throw Overview.wrong("sort", "percent is not known of everybody where servers decide in a shared database");
        }
    }

    private static Sort sort(String text) {
        return Arrays.stream(Sort.values())
                .filter(sort -> sort.key().equals(text))
                .findFirst()
                .orElseThrow(() -> Overview.wrong(
                        "sort",
                        "expected one of "
                                + Arrays.stream(Sort.values()).map(Sort::key).collect(Collectors.joining(", "))));
    }

    Reply reply() {
        var wanted = wanted();
        var ranked = ranked(wanted).stream().sorted(Ranked.ORDER).toList();
        var after = Cursors.place(exchange, LIST).map(this::after);
        int limit = Cursors.limit(exchange);
        var page = ranked.stream()
                .filter(each -> after.isEmpty() || Ranked.ORDER.compare(each, after.get()) > 0)
                .limit(limit + 1L)
                .toList();
        var shown = page.subList(0, Math.min(limit, page.size()));
        var next = page.size() > limit ? Optional.of(shown.getLast()) : Optional.<Ranked>empty();
        var last = Waits.get(uses.lastEvents(
                asked.organization(),
                shown.stream().map(each -> each.key().value()).toList()));
        var written = shown.stream()
                .map(each -> rows.row(asked.organization(), each.key()))
                .toList();
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            overview.head(json);
            json.writeStringField("sort", sort.key());
            json.writeNumberField("count", ranked.size());
            json.writeArrayFieldStart("subjects");
            for (int i = 0; i < shown.size(); i++) {
                var use = shown.get(i).use();
                json.writeStartObject();
                rows.members(json, written.get(i), lastActive(shown.get(i), last));
                json.writeNumberField("requests", use.map(SubjectUse::requests).orElse(0L));
                json.writeNumberField("events", use.map(SubjectUse::events).orElse(0L));
                json.writeNumberField("errors", use.map(SubjectUse::errors).orElse(0L));
                json.writeNumberField("tokens", use.map(SubjectUse::tokens).orElse(0L));
                json.writeStringField(
                        "cost", new Money(use.map(SubjectUse::cost).orElse(0L)).toString());
                json.writeEndObject();
            }
            json.writeEndArray();
            EventJson.text(
                    json,
                    "next_cursor",
                    next.map(each -> Cursors.cursor(
                                    LIST,
                                    sort.key() + ":" + each.rank() + ":"
                                            + each.key().value()))
                            .orElse(null));
            json.writeEndObject();
        });
    }

    /** Everybody as the list is ranked; when somebody was active last, only the events tell exactly. */
    private Collection<Ranked> ranked(Map<SubjectKey, Ranked> wanted) {
        if (sort != Sort.LAST_ACTIVE) {
            return wanted.values();
        }
        var all = new ArrayList<>(wanted.values());
        var ranked = new ArrayList<Ranked>(all.size());
        for (int from = 0; from < all.size(); from += SubjectUses.LAST_MAX) {
            var some = all.subList(from, Math.min(all.size(), from + SubjectUses.LAST_MAX));
            var last = Waits.get(uses.lastEvents(
                    asked.organization(),
                    some.stream().map(each -> each.key().value()).toList()));
            for (var each : some) {
                long rank = lastActive(each, last).map(Instant::toEpochMilli).orElse(Long.MIN_VALUE);
                ranked.add(new Ranked(each.key(), rank, each.use()));
            }
        }
        return ranked;
    }

    /** Of events that are not kept any more, the sums know roughly. */
    private static Optional<Instant> lastActive(Ranked ranked, Map<String, Instant> last) {
        return Optional.ofNullable(last.get(ranked.key().value()))
                .or(() -> ranked.use().map(SubjectUse::lastActive));
    }

    private Map<SubjectKey, Ranked> wanted() {
        var text = TextFilter.of(exchange);
        var blocked = exchange.query("blocked").map(_ -> exchange.flag("blocked"));
        var declared = exchange.query("declared").map(_ -> exchange.flag("declared"));
        var used = Waits.get(uses.used(asked.organization(), overview.range()));
        var wanted = new HashMap<SubjectKey, Ranked>();
        for (var use : used) {
            var subject = new SubjectKey(use.subject());
            put(wanted, subject, Optional.of(use));
        }
        StreamSupport.stream(rows.declared(asked.organization()).spliterator(), false)
                .map(Subject::key)
                .filter(key -> !wanted.containsKey(key))
                .forEach(key -> put(wanted, key, Optional.empty()));
        wanted.keySet().removeIf(key -> {
            var known = rows.declared(asked.organization(), key);
            return !text.in(key.value(), known.map(Subject::name).orElse(null))
                    || (blocked.isPresent() && known.filter(Subject::blocked).isPresent() != blocked.get())
                    || (declared.isPresent() && known.isPresent() != declared.get());
        });
        return wanted;
    }

    private void put(Map<SubjectKey, Ranked> wanted, SubjectKey key, Optional<SubjectUse> use) {
        wanted.put(key, new Ranked(key, rank(key, use), use));
    }

    private long rank(SubjectKey key, Optional<SubjectUse> use) {
        return switch (sort) {
            case COST -> use.map(SubjectUse::cost).orElse(0L);
            case REQUESTS -> use.map(SubjectUse::requests).orElse(0L);
            case TOKENS -> use.map(SubjectUse::tokens).orElse(0L);
            case PERCENT ->
                rows.row(asked.organization(), key).percent().movePointRight(1).longValue();
            // Of who was active last, it is found out afterwards, for many at once.
            case LAST_ACTIVE, KEY -> 0;
        };
    }

    private Ranked after(String place) {
        var parts = new ArrayList<>(List.of(place.split(":", 3)));
        try {
            if (parts.size() == 3 && parts.getFirst().equals(sort.key())) {
                return new Ranked(new SubjectKey(parts.get(2)), Long.parseLong(parts.get(1)), Optional.empty());
            }
        } catch (IllegalArgumentException _) {
            // Told below.
        }
        throw Overview.wrong("cursor", "expected the 'next_cursor' of a page of this list, sorted the same way");
    }
}
