package dev.quotary.api;

import dev.quotary.api.declare.Declaring;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.call.Visitor;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.http.Times;
import dev.quotary.ledger.Moved;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.usage.Merging;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets a visitor become an account: what it used counts there, once, and its session ends.
 *
 * <p>In this order, so that a repeat finishes what any crash leaves: the ledger keeps who became whom together with what moves; the visitor is
 * blocked; what it used until it was blocked is moved.
 */
final class MergeEndpoint {
    private static final long MOVE_SECONDS_MAX = 30;

    private final Optional<Merging> merging;
    private final Declaring declaring;
    private final CallReader calls;

    /** @param merging empty where the ledger does not move use */
    MergeEndpoint(Optional<Merging> merging, Declaring declaring, CallReader calls) {
        this.merging = merging;
        this.declaring = declaring;
        this.calls = calls;
    }

    Reply merge(Exchange exchange) {
        var fields = exchange.json().fields();
        var organization =
                calls.organization(exchange, fields.find("organization").orElse(null));
        var into = fields.need("into").as(MergeEndpoint::account);
        fields.done();
        var visitor = visitor(exchange);
        var merges = merging.orElseThrow(
                () -> new ProblemException(ErrorCode.NOT_FOUND, "This server's ledger moves no use."));
        var by = exchange.principal().keyId().value();
        var first = moved(merges, organization, visitor, into, by);
        if (!first.into().equals(into)) {
            throw new ProblemException(
                    ErrorCode.VISITOR_MERGED, "This visitor has become another account already; nothing was changed.");
        }
        if (!merges.ended(organization, visitor)) {
            declaring.block(organization, visitor, true, exchange.actor());
            moved(merges, organization, visitor, into, by);
        }
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeStringField("organization", organization.value());
            json.writeStringField("subject", visitor.value());
            json.writeStringField("into", into.value());
            json.writeStringField("merged_at", Times.text(first.at()));
            json.writeEndObject();
        });
    }

    private static SubjectKey account(String text) {
        var key = new SubjectKey(text);
        if (Visitor.is(key)) {
            throw new IllegalArgumentException("expected an account, was an anonymous visitor");
        }
        return key;
    }

    private static SubjectKey visitor(Exchange exchange) {
        var text = exchange.parameter(0);
        if (Visitor.names(text)) {
            return new SubjectKey(text);
        }
        throw new ProblemException(ErrorCode.NOT_FOUND, "There is no such visitor.");
    }

    private static Moved moved(
            Merging merges, OrganizationKey organization, SubjectKey visitor, SubjectKey into, String by) {
        return await(merges.merge(organization, visitor, into, by)
                .orElseThrow(
                        () -> new ProblemException(ErrorCode.SUBJECT_UNKNOWN, "There is no subject '" + into + "'.")));
    }

    private static Moved await(CompletionStage<Moved> moving) {
        try {
            return moving.toCompletableFuture().get(MOVE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StoreUnavailableException unavailable
                    ? unavailable
                    : new StoreUnavailableException("merging a visitor", e.getCause());
        } catch (TimeoutException e) {
            throw new StoreUnavailableException("merging a visitor: no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("merging a visitor: interrupted", e);
        }
    }
}
