package dev.quotary.api;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.Documents;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.Fields;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Value;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads on whose behalf, and in which context, a request is made: out of its body, its headers and its key. */
final class CallReader {
    static final int NAME_LENGTH_MAX = 256;
    static final int METADATA_LENGTH_MAX = 8192;
    private static final String ORGANIZATION_HEADER = "X-Quotary-Organization";

    private final Catalog catalog;

    CallReader(Catalog catalog) {
        this.catalog = catalog;
    }

    /**
     * The organization that a request is about, which exists.
     *
     * @param member of the body that may name it
     */
    OrganizationKey organization(Exchange exchange, @Nullable Value member) {
        var named = exchange.text(member, ORGANIZATION_HEADER).or(() -> exchange.query("organization"));
        var key = exchange.principal()
                .organization(named.map(text -> read(member, ORGANIZATION_HEADER, text, OrganizationKey::new)));
        if (!catalog.declarations().organizations().containsKey(key)) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "There is no organization '" + key + "'.");
        }
        return key;
    }

    /** Whether a request leaves open which organization it is about. */
    boolean namesNoOrganization(Exchange exchange) {
        return exchange.header(ORGANIZATION_HEADER).isEmpty()
                && exchange.query("organization").isEmpty();
    }

    OrganizationKey organization(Exchange exchange) {
        return organization(exchange, null);
    }

    /** The call that a body describes. */
    Call call(Exchange exchange, OrganizationKey organization, Fields fields) {
        var others = fields.find("dimensions").map(Value::texts).orElse(Map.of());
        var feature = text(exchange, fields, "feature", "X-Quotary-Feature");
        var session = text(exchange, fields, "session", "X-Quotary-Session");
        var workflow = text(exchange, fields, "workflow", "X-Quotary-Workflow");
        var provider = fields.string("provider").orElse(null);
        var model = fields.string("model").orElse(null);
        var dimensions =
                fields.object().checked(() -> new Dimensions(provider, model, feature, session, workflow, others));
        return new Call(
                organization, subject(exchange, fields), exchange.principal().keyId(), dimensions);
    }

    private @Nullable SubjectKey subject(Exchange exchange, Fields fields) {
        var member = fields.find("subject").orElse(null);
        var header = "X-Quotary-Subject";
        var named = exchange.text(member, header).map(text -> read(member, header, text, SubjectKey::new));
        return exchange.principal().subject(named);
    }

    /** That somebody is charged for what a call's subject uses. */
    void requireAccount(Call call, Instant now) {
        if (catalog.account(call.organization(), call.subject(), now).isEmpty()) {
            throw new ProblemException(
                    ErrorCode.SUBJECT_UNKNOWN,
                    "There is no subject '" + call.subject() + "', and its organization makes none on the fly.");
        }
    }

    /** The call that a query describes: no provider, no model. */
    Call queried(Exchange exchange) {
        var organization = organization(exchange);
        var header = "X-Quotary-Subject";
        var subject = exchange.principal()
                .subject(exchange.query("subject")
                        .or(() -> exchange.header(header))
                        .map(text -> read(null, "subject", text, SubjectKey::new)));
        var session = exchange.query("session").orElse(null);
        var workflow = exchange.query("workflow").orElse(null);
        try {
            var dimensions = new Dimensions(null, null, null, session, workflow, Map.of());
            return new Call(organization, subject, exchange.principal().keyId(), dimensions);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("", 0, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable String text(Exchange exchange, Fields fields, String member, String header) {
        return exchange.text(fields.find(member).orElse(null), header).orElse(null);
    }

    private static <T> T read(@Nullable Value member, String source, String text, Function<String, T> reader) {
        if (member != null) {
            return member.as(reader);
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("", 0, source + ": " + e.getMessage());
        }
    }

    /** The caller's own JSON object, as text; empty for none. */
    static String metadata(Exchange exchange, @Nullable Value member) {
        var header = exchange.header("X-Quotary-Metadata");
        if (member == null && header.isEmpty()) {
            return "";
        }
        var sent = header.map(CallReader::headerObject);
        var value = member == null ? sent.orElseThrow() : member;
        if (!value.isObject()) {
            throw value.wrong("expected metadata to be an object");
        }
        if (sent.isPresent()
                && !sent.get().canonical().json().equals(value.canonical().json())) {
            throw value.wrong("expected the same as in the header X-Quotary-Metadata");
        }
        var text = value.json();
        if (text.length() > METADATA_LENGTH_MAX) {
            throw value.wrong("expected metadata of at most " + METADATA_LENGTH_MAX + " characters of JSON");
        }
        return text;
    }

    private static Value headerObject(String text) {
        try {
            return Documents.json(text);
        } catch (InvalidInputException e) {
            throw new InvalidInputException("", 0, "expected the header X-Quotary-Metadata to be a JSON object");
        }
    }

    /** The id that the caller gives to what it sends. */
    static Optional<String> name(Exchange exchange, @Nullable Value member) {
        var name = exchange.text(member, "Idempotency-Key");
        name.ifPresent(text -> {
            if (text.isBlank()
                    || text.length() > NAME_LENGTH_MAX
                    || text.chars().anyMatch(Character::isISOControl)) {
                throw new InvalidInputException(
                        member == null ? "" : member.pointer(),
                        0,
                        "expected an id of 1.." + NAME_LENGTH_MAX + " printable characters");
            }
        });
        return name;
    }

    /** The reservation that a caller's own id stands for. End users share no names with anybody. */
    static ReservationId reservation(Exchange exchange, OrganizationKey organization, String name) {
        var principal = exchange.principal();
        var subject = principal.key().subject();
        return subject != null
                ? ReservationId.named(organization, subject, name)
                : ReservationId.named(organization, name);
    }

    /** The reservation that a path names: by its id, or by the caller's own. */
    static ReservationId reservationInPath(Exchange exchange, OrganizationKey organization) {
        var text = exchange.parameter(0);
        return ReservationId.hasForm(text) ? ReservationId.parse(text) : reservation(exchange, organization, text);
    }

    /** Whether a caller may see what was done for a subject: an end user's own key sees its own. */
    static boolean mayHave(Exchange exchange, Call call) {
        var own = exchange.principal().key().subject();
        return own == null || own.equals(call.subject());
    }
}
