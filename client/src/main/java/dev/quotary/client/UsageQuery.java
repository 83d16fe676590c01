package dev.quotary.client;

import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is asked about use over time. Immutable; every method answers a changed copy. What is not named is as the server has it: the cost of the
 * last 30 days, by day.
 */
public final class UsageQuery {
    private final Map<String, String> parameters;

    private UsageQuery(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    /** Of one or more meters, such as {@code cost}, {@code tokens}, {@code errors}, {@code latency_ms.p95}. */
    public static UsageQuery of(String... meters) {
        return new UsageQuery(Map.of()).with("meter", String.join(",", meters));
    }

    /** The first instant. */
    public UsageQuery from(Instant from) {
        return with("from", from.toString());
    }

    /** The first instant after. */
    public UsageQuery to(Instant to) {
        return with("to", to.toString());
    }

    /** {@code minute}, {@code hour}, {@code day}, {@code week}, {@code month}, or {@code total} for no points in time. */
    public UsageQuery granularity(String granularity) {
        return with("granularity", granularity);
    }

    /** By which dimensions, such as {@code model}, {@code provider}, {@code feature}, {@code subject}. */
    public UsageQuery groupBy(String... dimensions) {
        return with("group_by", String.join(",", dimensions));
    }

    /** How many groups are told apart; all others are told as one. */
    public UsageQuery top(int groups) {
        return with("top", Integer.toString(groups));
    }

    /** Whose days these are; the organization's own if not named. */
    public UsageQuery timeZone(ZoneId zone) {
        return with("time_zone", zone.getId());
    }

    /** Only of this subject, or of those whose keys begin so, with a {@code *} at its end. */
    public UsageQuery subject(String subject) {
        return where("subject", subject);
    }

    /** Only what has this value, or a value that begins so with a {@code *} at its end: of {@code provider}, {@code model}, {@code feature}, … */
    public UsageQuery where(String dimension, String value) {
        return with(dimension, value);
    }

    /** The same of a dimension of one's own. */
    public UsageQuery whereOwn(String dimension, String value) {
        return with("filter[" + dimension + "]", value);
    }

    private UsageQuery with(String name, String value) {
        var more = new LinkedHashMap<>(parameters);
        more.put(name, value);
        return new UsageQuery(more);
    }

    /** As a query of a URL. */
    String text() {
        return parameters.entrySet().stream()
                .map(parameter -> Request.encoded(parameter.getKey()) + "=" + Request.encoded(parameter.getValue()))
                .collect(Collectors.joining("&"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UsageQuery query && parameters.equals(query.parameters);
    }

    @Override
    public int hashCode() {
        return parameters.hashCode();
    }

    @Override
    public String toString() {
        return parameters.toString();
    }
}
