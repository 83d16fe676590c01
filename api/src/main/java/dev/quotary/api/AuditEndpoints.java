package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.SumPages;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.usage.CounterPages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lays what the server decides by beside what it has recorded. */
final class AuditEndpoints {
    private static final int TOLD_MAX = 1_000;
    private static final long PAGE_SECONDS_MAX = 30;

    private final Optional<CounterPages> audit;

    /** @param audit empty where nobody looks */
    AuditEndpoints(Optional<CounterPages> audit) {
        this.audit = audit;
    }

    /** All counters, page by page; corrects nothing. */
    Reply counters(Exchange exchange) {
        if (exchange.principal().key().organization() != null) {
            throw new ProblemException(
                    ErrorCode.FORBIDDEN,
                    "The counters of all organizations are compared: ask with a key that has no organization.");
        }
        if (exchange.body().length > 0) {
            exchange.json().fields().done();
        }
        var differences = new ArrayList<Difference.OfCounter>();
        long compared = 0;
        long different = 0;
        var place = audit.isPresent() ? Optional.of(SumPages.Place.START) : Optional.<SumPages.Place>empty();
        while (place.isPresent()) {
            var page = page(audit.orElseThrow(), place.get());
            compared += page.compared();
            different += page.differences().size();
            page.differences().stream().limit(TOLD_MAX - differences.size()).forEach(differences::add);
            place = page.next();
        }
        return reply(compared, different, List.copyOf(differences));
    }

    private static CounterPages.Page page(CounterPages audit, SumPages.Place from) {
        try {
            return audit.page(from, CounterPages.Remedy.TELL)
                    .toCompletableFuture()
                    .get(PAGE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new StoreUnavailableException("comparing counters", e.getCause());
        } catch (TimeoutException e) {
            throw new StoreUnavailableException("comparing counters: no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("comparing counters: interrupted", e);
        }
    }

    private static Reply reply(long compared, long different, List<Difference.OfCounter> differences) {
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeNumberField("compared", compared);
            json.writeNumberField("different", different);
            json.writeArrayFieldStart("differences");
            for (var difference : differences) {
                write(json, difference);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, Difference.OfCounter difference) throws IOException {
        json.writeStartObject();
        json.writeStringField("organization", difference.organization().value());
        json.writeStringField("counted", difference.counted());
        json.writeStringField("scope_value", difference.whose().scopeValue());
        json.writeStringField("window_start", difference.whose().windowStart().toString());
        json.writeNumberField("expected", difference.expected());
        json.writeNumberField("found", difference.found());
        json.writeEndObject();
    }
}
