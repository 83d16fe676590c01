package dev.quotary.api.declare;

import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.CatalogStore.Document;
import dev.quotary.catalog.Declarations;
import dev.quotary.http.Documents;
import dev.quotary.http.Value;
import dev.quotary.ledger.Recount;
import dev.quotary.limit.Counted;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a change has begun to count and not finished counting, as it is kept beside the change: should the process die in between, the
 * next one finishes it.
 */
final class UnfinishedCounts {
    private static final String KIND = "unfinished_counts";

    private UnfinishedCounts() {}

    static Document document(Collection<Recount> recounts) {
        var things = recounts.stream()
                .map(recount -> "[" + quoted(recount.organization().value()) + ","
                        + quoted(recount.counted().text()) + "]")
                .distinct()
                .collect(Collectors.joining(",", "[", "]"));
        return new Document(KIND, "", "", things);
    }

    private static String quoted(String text) {
        return Documents.text(text).json();
    }

    /** What is left to be counted of what is declared, in the windows of an instant. */
    static Set<Recount> of(List<Document> stored, Declarations declared, Instant now) {
        var recounts = new LinkedHashSet<Recount>();
        stored.stream()
                .filter(document -> document.kind().equals(KIND))
                .flatMap(document -> Documents.json(document.body()).items().stream())
                .map(Value::items)
                .forEach(thing -> {
                    var organization = new OrganizationKey(thing.getFirst().string());
                    var text = thing.getLast().string();
                    declared.plans().values().stream()
                            .flatMap(plan -> plan.limits().stream())
                            .filter(limit -> limit.counted().text().equals(text))
                            .findFirst()
                            .ifPresent(limit -> recounts.addAll(current(organization, limit.counted(), declared, now)));
                });
        return recounts;
    }

    /** The same things, also in the windows that have begun since. */
    static Set<Recount> current(Collection<Recount> recounts, Declarations declared, Instant now) {
        var all = new LinkedHashSet<>(recounts);
        recounts.forEach(recount -> all.addAll(current(recount.organization(), recount.counted(), declared, now)));
        return all;
    }

    private static Set<Recount> current(OrganizationKey key, Counted counted, Declarations declared, Instant now) {
        var organization = declared.organizations().get(key);
        return organization == null
                ? Set.of()
                : counted.counting(now, organization.calendar()).stream()
                        .map(window -> new Recount(key, counted, window))
                        .collect(Collectors.toSet());
    }
}
