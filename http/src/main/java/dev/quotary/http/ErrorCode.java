package dev.quotary.http;

import java.util.Locale;

/** Stable codes of every problem that the API answers with. A code never changes its meaning or its status. */
public enum ErrorCode {
    INVALID_REQUEST(
            400,
            "Invalid request",
            "The input cannot be accepted. `pointer` names the place, `expected` what was expected there. Nothing was done."),
    UNAUTHENTICATED(
            401,
            "API key missing or not valid",
            "Send `Authorization: Bearer qk_…` with a key that exists and has not expired."),
    TOKEN_EXPIRED(
            401, "Token expired", "The token is older than it was made for. Have the application make another one."),
    TOKEN_INVALID(
            401,
            "Token not valid",
            "The token was not made by this server, or was changed, or the API key that made it is revoked or expired."),
    SIGNATURE_INVALID(
            401,
            "Call not signed as declared",
            "A webhook is taken only with a signature under one of its secrets, and not long after it was sent."),
    USAGE_LIMIT_EXCEEDED(
            402,
            "Usage limit exceeded",
            "A limit of the plan has no room; `violations` names every such limit. Wait until `resets_at`, or offer `upgrade_url`."),
    FORBIDDEN(403, "Not allowed with this API key", "The key's role, organization or subject does not allow this."),
    SUBJECT_BLOCKED(403, "Subject blocked", "An operator has blocked this subject."),
    NOT_FOUND(404, "Not found", "Nothing of this name is here, or the key may not know of it."),
    SUBJECT_UNKNOWN(404, "Subject unknown", "The organization takes declared subjects only, and this is none of them."),
    RESERVATION_UNKNOWN(
            404,
            "Reservation unknown",
            "Nothing is held under this id: it was never reserved, or was released, or expired long ago."),
    METHOD_NOT_ALLOWED(405, "Method not allowed", "The header `Allow` names the methods of this path."),
    IDEMPOTENCY_MISMATCH(
            409,
            "Id used before with other content",
            "This id was used before, with other content. Nothing was changed; use another id, or repeat exactly."),
    RESERVATION_CLOSED(
            409,
            "Reservation settled or released",
            "The reservation is settled, released or expired. Reserve anew under another id."),
    KEY_UNCHANGEABLE(
            409,
            "API key cannot be changed so",
            "It is revoked or expired, or too many of its secrets are still good, or it is the last one that can administer the server; `detail` says which. Nothing was changed."),
    VISITORS_NOT_TAKEN(
            409,
            "No anonymous visitors here",
            "Give the organization an `anonymous_plan` to let anonymous visitors in."),
    VISITOR_MERGED(
            409,
            "Visitor has become another account",
            "What an anonymous visitor used moves into one account, once. It is another one already; nothing was changed."),
    ALREADY_EXISTS(409, "There already", "Something of this key is there already. Change it with PUT or PATCH."),
    IN_USE(409, "In use", "Something else needs what was to be deleted; `detail` says what. Nothing was changed."),
    DECLARED_BY_FILE(
            409,
            "Declared by a plans file",
            "A plans file declares it, and would make it again. Take it out of the file and apply with `prune`, or set `managed_by` to `api` first."),
    SYNC_NOT_PARKED(
            409,
            "Batch not parked",
            "Only a batch that is parked can be given up: others are recorded already, or will be. Nothing was changed."),
    PRECONDITION_FAILED(
            412,
            "Changed meanwhile",
            "It is not as `If-Match` or `If-None-Match` expect it: somebody changed it. Read it again, and decide anew."),
    BODY_TOO_LARGE(413, "Request body too large", "Send less in one request."),
    UNSUPPORTED_ENCODING(415, "Content encoding not supported", "Send the body without `Content-Encoding`."),
    UNSUPPORTED_MEDIA_TYPE(
            415, "Content type not supported", "Send one of the content types that `detail` names. Nothing was done."),
    MODEL_NOT_PRICED(
            422,
            "Model has no price",
            "A limit on cost applies and the model has no price. Declare a price, name the cost, or let the organization use unpriced models."),
    TOO_MANY_EVENTS(
            422,
            "Too many events to look at",
            "The answer is not in the sums that are kept, and the range has too many events to look at each. Ask about a shorter time, or by provider, model, feature and subject only."),
    PRECONDITION_REQUIRED(
            428,
            "Condition required",
            "Send `If-Match` with the `ETag` of what you have read, so that nobody else's change is lost; `*` for whatever is there."),
    RATE_LIMIT_EXCEEDED(
            429,
            "Rate limit exceeded",
            "A rate has no room; `violations` names every such limit. Wait for `Retry-After` seconds."),
    TOO_MANY_STREAMS(
            429,
            "Too many open streams",
            "So many live streams are open at once for the subject, the organization or the server, or so many exports run; end one, or come again later."),
    TOO_MANY_SYNCS(
            429,
            "Too many batches wait",
            "As many batches of this organization as may are pending or parked. Look after the parked ones, and repeat it with the same id."),
    INTERNAL(
            500,
            "Internal error",
            "The server failed; its log says why. Whether the step took effect is unknown: repeat it with the same id."),
    NOT_METERABLE(
            501,
            "Cannot be metered",
            "The gateway cannot tell what such a call would cost, so it does not forward it."),
    STORE_UNAVAILABLE(
            503,
            "Store unavailable",
            "The store did not answer. Whether the step took effect is unknown: repeat it with the same id."),
    SERVER_STOPPING(
            503,
            "Server stopping",
            "The call waited for room, and the server stops. Nothing is held: repeat it, at once where another server answers."),
    PROVIDER_UNAVAILABLE(
            503,
            "Provider not asked",
            "The provider failed several times in a row and is left alone for a while, or had no room for one more call in time. Nothing was sent to it: repeat later."),
    PROVIDER_UNREACHABLE(502, "Provider unreachable", "The provider could not be reached, or broke off. Repeat later."),
    PROVIDER_TIMEOUT(504, "Provider timed out", "The provider did not answer in time. Repeat later.");

    private final int status;
    private final String title;
    private final String help;

    ErrorCode(int status, String title, String help) {
        this.status = status;
        this.title = title;
        this.help = help;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** When it occurs, and what to do about it; for the page that documents the codes. */
    public String help() {
        return help;
    }

    /** The problem's {@code type}. */
    public String type() {
        return "https://quotary.dev/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
