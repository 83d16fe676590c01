package dev.quotary.client;

import dev.quotary.client.json.Json;
import dev.quotary.client.json.JsonReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a call has used, and how it ended. Immutable; every method answers a changed copy.
 *
 * <p>What is not named stays as it was held; after an {@link Outcome} other than success it is nothing.
 */
public final class Usage {
    /** Longer than the names, ids and tiers that the server reads; most texts of people and models are longer. */
    private static final int TEXT_LENGTH_MAX = 128;

    private static final Usage AS_HELD = new Usage(Json.Obj.EMPTY);

    private final Json.Obj members;

    private Usage(Json.Obj members) {
        this.members = members;
    }

    /** All that was held: the upper bound, where nothing better is known. */
    public static Usage asHeld() {
        return AS_HELD;
    }

    /** Tokens read and written. */
    public static Usage tokens(long input, long output) {
        return AS_HELD.quantity("tokens.input", input).quantity("tokens.output", output);
    }

    /** So much of one meter. */
    public static Usage of(String meter, long amount) {
        return AS_HELD.quantity(meter, amount);
    }

    /**
     * What a provider says in its answer: the server reads tokens, model and tier out of it. Of OpenAI and compatible servers, Anthropic,
     * Gemini and xAI, as the answer came. Texts longer than 128 characters are left out: prompts and completions are of no use for that,
     * and neither sent nor kept.
     *
     * @throws IllegalArgumentException if it is no JSON object
     */
    public static Usage response(String json) {
        if (!(JsonReader.read(json).mapTexts(Usage::shortened) instanceof Json.Obj response)) {
            throw new IllegalArgumentException("expected the answer of a provider to be a JSON object");
        }
        return new Usage(Json.Obj.EMPTY.with("provider_response", response));
    }

    /** As {@link #response(String)}, of the bytes that came. */
    public static Usage response(byte[] json) {
        return response(new String(json, StandardCharsets.UTF_8));
    }

    /** A call that failed and used nothing that is charged for. */
    public static Usage failed(Throwable cause) {
        return AS_HELD.outcome(Outcome.ERROR).errorType(cause.getClass().getSimpleName());
    }

    /** Of a call that broke off after it had begun to answer: what was held, said as such, since of a failure nothing stays by itself. */
    static Usage broken(Call call, Outcome outcome) {
        var held = Json.Obj.EMPTY;
        for (var name : List.of("quantities", "cost")) {
            held = call.members().has(name) ? held.with(name, call.members().at(name)) : held;
        }
        return new Usage(held).outcome(outcome);
    }

    private static String shortened(String text) {
        return text.length() > TEXT_LENGTH_MAX ? "" : text;
    }

    /** And so much of this meter. */
    public Usage quantity(String meter, long amount) {
        return new Usage(Members.nested(members, "quantities", meter, Json.of(amount)));
    }

    /** What it really cost, in US dollars; without it the cost is computed from the tokens and the model's price. */
    public Usage cost(BigDecimal dollars) {
        return new Usage(members.with("cost", dollars.toPlainString()));
    }

    /** How the call ended; with success if not named. */
    public Usage outcome(Outcome outcome) {
        return new Usage(members.with("outcome", outcome.key()));
    }

    /** What kind of failure it was. */
    public Usage errorType(String type) {
        return new Usage(members.with("error_type", type));
    }

    /** How long the call took. */
    public Usage latency(Duration latency) {
        return new Usage(members.with("latency_ms", latency.toMillis()));
    }

    /** The model that served, where it is another one than that which was asked for. */
    public Usage model(String provider, String model) {
        return new Usage(members.with("provider", provider).with("model", model));
    }

    /** A dimension of one's own that is known only now. */
    public Usage dimension(String name, String value) {
        return new Usage(Members.nested(members, "dimensions", name, new Json.Text(value)));
    }

    /**
     * Anything that is to be kept with the event.
     *
     * @param metadata text, whole and decimal numbers, truth, lists and maps of these
     * @throws IllegalArgumentException if something else is in it
     */
    public Usage metadata(Map<String, ?> metadata) {
        return new Usage(members.with("metadata", Json.of(metadata)));
    }

    /** As a commit takes it. */
    Json.Obj members() {
        return members;
    }

    boolean has(String member) {
        return members.has(member);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Usage usage && members.equals(usage.members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }

    /** Without what a provider answered, and without the metadata: they may be nobody's business in a log. */
    @Override
    public String toString() {
        return members.without("provider_response").without("metadata").toString();
    }
}
