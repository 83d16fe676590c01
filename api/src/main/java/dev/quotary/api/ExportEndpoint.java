package dev.quotary.api;

import dev.quotary.api.export.CsvWriter;
import dev.quotary.api.export.EventWriter;
import dev.quotary.api.export.Export;
import dev.quotary.api.export.FocusWriter;
import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.ProblemException;
import dev.quotary.ledger.Corrections;
import dev.quotary.usage.Settlements;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/** Recorded events as a file that is sent as it is read. */
final class ExportEndpoint {
    /** Each reads the ledger as fast as its client takes it: more would be in the way of everybody else who reads. */
    private static final int RUNNING_MAX = 4;

    private static final int ISSUER_LENGTH_MAX = 128;

    private final Optional<Corrections> ledger;
    private final Settlements settlements;
    private final Catalog catalog;
    private final CallReader calls;
    private final Executor blocking;
    private final Semaphore running = new Semaphore(RUNNING_MAX);

    /** @param blocking runs what waits for the ledger and for the client */
    ExportEndpoint(
            Optional<Corrections> ledger,
            Settlements settlements,
            Catalog catalog,
            CallReader calls,
            Executor blocking) {
        this.ledger = ledger;
        this.settlements = settlements;
        this.catalog = catalog;
        this.calls = calls;
        this.blocking = blocking;
    }

    private enum Format {
        CSV("text/csv; charset=utf-8; header=present", "csv"),
        JSONL("application/jsonl", "jsonl"),
        FOCUS("text/csv; charset=utf-8; header=present", "focus.csv");

        private final String contentType;
        private final String extension;

        Format(String contentType, String extension) {
            this.contentType = contentType;
            this.extension = extension;
        }

        static Format of(Exchange exchange) {
            return switch (exchange.query("format").orElse("csv")) {
                case "csv" -> CSV;
                case "jsonl" -> JSONL;
                case "focus" -> FOCUS;
                default -> throw InvalidInputException.inQuery("format", "expected csv, jsonl or focus");
            };
        }
    }

    CompletionStage<Reply> export(Exchange exchange) {
        var source = ledger.orElseThrow(
                () -> new ProblemException(ErrorCode.NOT_FOUND, "The ledger of this server shows no events."));
        var format = Format.of(exchange);
        var call = calls.queried(exchange);
        var organization = call.organization();
        var writer = writer(exchange, format, organization);
        var from = exchange.moment("from");
        var until = exchange.moment("to");
        if (!from.isBefore(until)) {
            throw InvalidInputException.inQuery("to", "expected a time after 'from'");
        }
        var selection = new Export.Selection(
                organization,
                from,
                until,
                Optional.ofNullable(call.subject()),
                exchange.query("provider"),
                exchange.query("model"),
                Optional.empty());
        return after(exchange, format, selection)
                .thenApply(behind -> reply(new Export(source, behind), writer, format));
    }

    private EventWriter writer(Exchange exchange, Format format, OrganizationKey organization) {
        boolean inside = exchange.principal().key().subject() == null;
        return switch (format) {
            case CSV -> new CsvWriter(inside);
            case JSONL -> new JsonLines(inside);
            case FOCUS -> {
                if (!inside) {
                    throw new ProblemException(
                            ErrorCode.FORBIDDEN, "A FOCUS file is about the costs of a whole organization.");
                }
                var issuer = exchange.query("issuer").orElse("Quotary");
                if (issuer.isBlank() || issuer.length() > ISSUER_LENGTH_MAX) {
                    throw new InvalidInputException(
                            "", 0, "expected query parameter 'issuer' of 1.." + ISSUER_LENGTH_MAX + " characters");
                }
                var whole = Objects.requireNonNull(
                        catalog.declarations().organizations().get(organization), "the organization exists");
                yield new FocusWriter(whole, issuer);
            }
        };
    }

    /** The last event that the caller has, which says where to go on. */
    private CompletionStage<Export.Selection> after(Exchange exchange, Format format, Export.Selection selection) {
        var named = exchange.query("after");
        if (named.isEmpty()) {
            return CompletableFuture.completedStage(selection);
        }
        if (format == Format.FOCUS) {
            throw new InvalidInputException(
                    "", 0, "expected no 'after' for a FOCUS file: export it from the beginning of its last hour");
        }
        return settlements.find(selection.organization(), id(named.get())).thenApply(found -> {
            var event = found.filter(recorded -> CallReader.mayHave(exchange, recorded.call()))
                    .orElseThrow(() -> new ProblemException(ErrorCode.NOT_FOUND, "There is no event 'after'."));
            if (!selection.has(event)) {
                throw new InvalidInputException("", 0, "expected 'after' to be one of the events that are exported");
            }
            return selection.behind(new Export.After(event.id(), event.time()));
        });
    }

    private static EventId id(String text) {
        try {
            return EventId.parse(text);
        } catch (IllegalArgumentException e) {
            throw InvalidInputException.inQuery("after", String.valueOf(e.getMessage()));
        }
    }

    private Reply reply(Export export, EventWriter writer, Format format) {
        return response -> {
            if (!running.tryAcquire()) {
                throw new ProblemException(
                        ErrorCode.TOO_MANY_STREAMS, "There are " + RUNNING_MAX + " exports already; try again later.");
            }
            var context = Objects.requireNonNull(Vertx.currentContext(), "requests are handled on an event loop");
            response.putHeader("Content-Type", format.contentType);
            response.putHeader(
                    "Content-Disposition", "attachment; filename=\"quotary-usage." + format.extension + "\"");
            response.putHeader("Cache-Control", "no-store");
            response.setChunked(true);
            blocking.execute(() -> {
                try {
                    export.send(writer, response, context);
                } finally {
                    running.release();
                }
            });
        };
    }
}
