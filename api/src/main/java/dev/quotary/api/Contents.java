package dev.quotary.api;

import dev.quotary.call.Call;
import dev.quotary.http.Documents;
import dev.quotary.http.Fingerprint;
import dev.quotary.http.Value;
import org.jspecify.annotations.Nullable;

/**
 * The fingerprint of what a request says: the same for a repeat, however its members are ordered, and whether it names its context in
 * the body or in headers; another for anything that would be recorded otherwise.
 */
final class Contents {
    private Contents() {}

    static long of(Exchange exchange, Value body, Call call) {
        var dimensions = call.dimensions();
        var whole = body.without("id").without("organization");
        whole = with(
                whole, "subject", call.subject() == null ? null : call.subject().value());
        whole = with(whole, "feature", dimensions.feature());
        whole = with(whole, "session", dimensions.session());
        whole = with(whole, "workflow", dimensions.workflow());
        return of(exchange, whole);
    }

    /** Of a request whose context is known already. */
    static long of(Exchange exchange, Value body) {
        var metadata = exchange.header("X-Quotary-Metadata");
        var whole = metadata.isPresent() ? body.with("metadata", Documents.json(metadata.get())) : body;
        return Fingerprint.of(whole.canonical().json());
    }

    private static Value with(Value body, String member, @Nullable String text) {
        return text == null ? body : body.with(member, Documents.text(text));
    }
}
