package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.LimitTexts;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.ledger.Reset;
import dev.quotary.limit.LimitKey;
import dev.quotary.usage.Settlements;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Sets what a subject has used back to 0, and tells who did so when. */
final class ResetEndpoints {
    private final Settlements settlements;
    private final CallReader calls;
    private final Noting noting;

    ResetEndpoints(Settlements settlements, CallReader calls, Noting noting) {
        this.noting = noting;
        this.settlements = settlements;
        this.calls = calls;
    }

    Reply reset(Exchange exchange) {
        var fields = exchange.jsonOrNothing().fields();
        var organization =
                calls.organization(exchange, fields.find("organization").orElse(null));
        var limit = fields.find("limit").map(value -> value.as(LimitKey::new));
        fields.done();
        var subject = subject(exchange);
        var by = exchange.principal().key().id().value();
        var resets = settlements
                .reset(organization, subject, limit, by)
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.NOT_FOUND,
                        limit.isEmpty()
                                ? "There is no subject '" + subject + "'."
                                : "Subject '" + subject + "' has no limit '" + limit.get()
                                        + "' that counts this subject alone and can be reset."))
                .toCompletableFuture()
                .join();
        var object = new CatalogStore.Name("subject", organization.value(), subject.value());
        noting.done(exchange, object, AuditEntry.Action.RESET, json -> write(json, organization, subject, resets));
        return reply(organization, subject, resets);
    }

    CompletionStage<Reply> resets(Exchange exchange) {
        var organization = calls.organization(exchange);
        var subject = subject(exchange);
        return settlements.resets(organization, subject).thenApply(resets -> reply(organization, subject, resets));
    }

    private static SubjectKey subject(Exchange exchange) {
        try {
            return new SubjectKey(exchange.parameter(0));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("", 0, String.valueOf(e.getMessage()));
        }
    }

    private static Reply reply(OrganizationKey organization, SubjectKey subject, List<Reset> resets) {
        return Reply.json(Reply.OK, json -> write(json, organization, subject, resets));
    }

    private static void write(JsonGenerator json, OrganizationKey organization, SubjectKey subject, List<Reset> resets)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("organization", organization.value());
        json.writeStringField("subject", subject.value());
        json.writeArrayFieldStart("resets");
        for (var reset : resets) {
            write(json, reset);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Reset reset) throws IOException {
        json.writeStartObject();
        json.writeStringField("counted", reset.counted());
        json.writeStringField("window_start", Times.text(reset.windowStart()));
        json.writeFieldName("amount");
        LimitTexts.amount(json, reset.meter(), reset.amount());
        json.writeStringField("at", Times.text(reset.at()));
        json.writeStringField("by", reset.by());
        json.writeEndObject();
    }
}
