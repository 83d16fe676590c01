package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A usage on its way to the ledger, and what to send in its place where the server cannot take it as it is: the record of a commit whose
 * reservation nobody knows any more, and the upper bound of an answer that cannot be read. Each has the same id whenever it is sent, so
 * it counts once.
 *
 * @param number in the order of coming; 0 of one that there was no room for
 * @param content members {@code id}, {@code commit} (of a reservation only), {@code record}, {@code estimate} (of a provider's answer only)
 */
record Entry(long number, Json.Obj content, int bytes) {
    /** Ids of the SDK's records are told apart from those of others. */
    private static final String SOURCE = "quotary-client";

    private static final String RESPONSE = "provider_response";
    private static final Json.Obj NOTHING = Json.Obj.EMPTY;

    Entry(long number, Json.Obj content) {
        this(number, content, content.toString().getBytes(StandardCharsets.UTF_8).length);
    }

    /**
     * Usage of a call that nothing was held for.
     *
     * @param time empty for that of its coming
     */
    static Json.Obj record(String id, Optional<Instant> time, Call call, Usage usage) {
        var content = NOTHING.with("id", id).with("record", body(id, time, call, usage.members()));
        return usage.has(RESPONSE)
                ? content.with("estimate", body(id, time, call, usage.members().without(RESPONSE)))
                : content;
    }

    /** Usage of a call that a reservation was made for. */
    static Json.Obj commit(String reservation, Instant admitted, Call call, Usage usage) {
        var organization = call.members().at("organization");
        var commit = organization instanceof Json.Text
                ? usage.members().with("organization", organization)
                : usage.members();
        return record(reservation, Optional.of(admitted), call, usage).with("commit", commit);
    }

    private static Json.Obj body(String id, Optional<Instant> time, Call call, Json.Obj usage) {
        var named = call.members()
                .without("ttl_seconds")
                .without("quantities")
                .without("cost")
                .with("id", id)
                .with("source", SOURCE);
        var context = time.map(at -> named.with("time", at.toString())).orElse(named);
        var dimensions = new Json.Obj(call.members().at("dimensions").entries())
                .over(new Json.Obj(usage.at("dimensions").entries()));
        var body = context.over(usage).over(amounts(call.members(), usage));
        return dimensions.members().isEmpty() ? body : body.with("dimensions", dimensions);
    }

    /** As a commit takes them over what was held: what is not named stays, tokens go together, of a failure nothing stays. */
    private static Json.Obj amounts(Json.Obj call, Json.Obj usage) {
        var quantities = new LinkedHashMap<String, Json>();
        var said = usage.at("quantities").entries();
        boolean failed = usage.at("outcome")
                .text()
                .filter(outcome -> !outcome.equals(Outcome.SUCCESS.key()))
                .isPresent();
        boolean tokens = usage.has(RESPONSE) || said.keySet().stream().anyMatch(Entry::countsTokens);
        call.at("quantities").entries().forEach((meter, amount) -> {
            boolean told = meter.equals("requests") ? usage.has(RESPONSE) : tokens && countsTokens(meter);
            if (!told && (!failed || meter.equals("requests"))) {
                quantities.put(meter, amount);
            }
        });
        quantities.putAll(said);
        var amounts = quantities.isEmpty() ? NOTHING : NOTHING.with("quantities", new Json.Obj(quantities));
        boolean costStays = call.has("cost") && !usage.has("cost") && !tokens && !failed;
        return costStays ? amounts.with("cost", call.at("cost")) : amounts;
    }

    private static boolean countsTokens(String meter) {
        return meter.equals("tokens") || meter.equals("tokens.input") || meter.equals("tokens.output");
    }

    String id() {
        return content.at("id").text().orElseThrow(() -> new IllegalArgumentException("expected an id"));
    }

    boolean isCommit() {
        return content.has("commit");
    }

    /** What is sent now. */
    Json body() {
        return content.at(isCommit() ? "commit" : "record");
    }

    Request request() {
        return Request.post(isCommit() ? Request.reservation(id(), "commit") : "/records", body());
    }

    /** What the answer to it says. */
    Settled.Recorded settled(Json answer) {
        if (isCommit()) {
            return new Settled.Recorded(
                    Answers.text(answer, "event_id"),
                    Answers.decimal(answer, "cost"),
                    Answers.quantities(answer),
                    answer.at("late").isTrue());
        }
        var event = answer.at("events").items().get(0);
        return new Settled.Recorded(Answers.text(event, "id"), Answers.decimal(event, "cost"), Map.of(), false);
    }

    /** To be sent after this one was refused for good; empty where there is nothing left to try. */
    Optional<Entry> otherwise(Problem problem) {
        var pointer = problem.pointer().orElse("");
        if (isCommit() && problem.is(Problem.RESERVATION_UNKNOWN)) {
            return Optional.of(changed(content.without("commit")));
        }
        if (pointer.contains("/" + RESPONSE) && estimable()) {
            return Optional.of(changed(estimated()));
        }
        // The clock here is ahead of the server's by minutes: the time of coming is as good.
        if (!isCommit() && pointer.endsWith("/time") && body() instanceof Json.Obj record && record.has("time")) {
            return Optional.of(changed(content.with("record", record.without("time"))));
        }
        return Optional.empty();
    }

    boolean estimable() {
        return content.has("estimate");
    }

    private Json.Obj estimated() {
        var estimated = content.with("record", content.at("estimate")).without("estimate");
        return content.at("commit") instanceof Json.Obj commit
                ? estimated.with("commit", commit.without(RESPONSE))
                : estimated;
    }

    /** Of the same size as what is kept of it, whose place it takes for this run only. */
    private Entry changed(Json.Obj other) {
        return new Entry(number, other, bytes);
    }

    Entry numbered(long given) {
        return new Entry(given, content, bytes);
    }
}
