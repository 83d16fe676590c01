package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A call that is about to happen, or happened: on whose behalf, in which context, and how much it uses at most.
 *
 * <p>Immutable; every method answers a changed copy. The server checks what is in it: a wrong value is a {@link RequestRefusedException}
 * that names its place.
 */
public final class Call {
    private static final Call EMPTY = new Call(Json.Obj.EMPTY);

    private final Json.Obj members;

    private Call(Json.Obj members) {
        this.members = members;
    }

    /** A call of anything: an export, a job, an API of one's own. */
    public static Call of() {
        return EMPTY;
    }

    /** A call of a model, which counts as one request and has the price of that model. */
    public static Call of(String provider, String model) {
        return EMPTY.model(provider, model);
    }

    /**
     * The caller's own id for this call: whatever is done twice under one id happens once. Without it the SDK makes one, so that its own
     * retries are safe.
     */
    public Call id(String id) {
        return with("id", id);
    }

    /** Who uses; to be left out where the API key is a subject's own. */
    public Call subject(String subject) {
        return with("subject", subject);
    }

    /** The organization; to be named by an admin of the whole server only. */
    public Call organization(String organization) {
        return with("organization", organization);
    }

    /** The conversation or visit that it is part of; limits may count per session. */
    public Call session(String session) {
        return with("session", session);
    }

    /** The run of several calls that it is part of; limits may count per workflow. */
    public Call workflow(String workflow) {
        return with("workflow", workflow);
    }

    /** What of the application it is for; limits may count one feature, and use is shown by it. */
    public Call feature(String feature) {
        return with("feature", feature);
    }

    /** The model that is called, and its provider; see {@link #of(String, String)}. */
    public Call model(String provider, String model) {
        return with("provider", provider).with("model", model);
    }

    /** A dimension of one's own. */
    public Call dimension(String name, String value) {
        return new Call(Members.nested(members, "dimensions", name, new Json.Text(value)));
    }

    /** How much of a meter it uses at most: {@code requests}, {@code tokens}, or a declared one such as {@code ai_generation}. */
    public Call quantity(String meter, long amount) {
        return new Call(Members.nested(members, "quantities", meter, Json.of(amount)));
    }

    /** How many tokens it reads and writes at most. */
    public Call tokens(long input, long output) {
        return quantity("tokens.input", input).quantity("tokens.output", output);
    }

    /** What it costs at most, in US dollars; without it the cost is computed from the tokens and the model's price. */
    public Call cost(BigDecimal dollars) {
        return new Call(members.with("cost", dollars.toPlainString()));
    }

    /** For how long a reservation is held if nobody settles it; the server's default is 60 seconds. */
    public Call ttl(Duration ttl) {
        return new Call(members.with("ttl_seconds", ttl.toSeconds()));
    }

    /**
     * Anything that is to be kept with the event.
     *
     * @param metadata text, whole and decimal numbers, truth, lists and maps of these
     * @throws IllegalArgumentException if something else is in it
     */
    public Call metadata(Map<String, ?> metadata) {
        return new Call(members.with("metadata", Json.of(metadata)));
    }

    Optional<String> id() {
        return members.at("id").text();
    }

    /** As check and reserve take it. */
    Json.Obj members() {
        return members;
    }

    private Call with(String name, String value) {
        return new Call(members.with(name, value));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Call call && members.equals(call.members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }

    /** Without the metadata: they may be nobody's business in a log. */
    @Override
    public String toString() {
        return members.without("metadata").toString();
    }
}
