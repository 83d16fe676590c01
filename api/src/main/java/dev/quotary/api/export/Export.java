package dev.quotary.api.export;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.Corrections;
import dev.quotary.ledger.Corrections.Place;
import dev.quotary.ledger.Corrections.Query;
import dev.quotary.ledger.Corrections.Recorded;
import dev.quotary.ledger.EventWalk;
import dev.quotary.ledger.UsageEvent;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the events of a stretch of time as a file, page by page of the ledger. */
public final class Export {
    private static final Logger LOG = LoggerFactory.getLogger(Export.class);
    private static final int PIECE_CHARACTERS = 64 * 1024;

    private final Corrections ledger;
    private final Selection selection;

    /**
     * Which events.
     *
     * @param subject empty for all
     * @param provider empty for all
     * @param model a name, or the beginning of one and a {@code *}; empty for all
     * @param after the event that was exported last, to go on behind it; empty to begin
     */
    public record Selection(
            OrganizationKey organization,
            Instant from,
            Instant until,
            Optional<SubjectKey> subject,
            Optional<String> provider,
            Optional<String> model,
            Optional<After> after) {
        /** The same, from behind an event of them on. */
        public Selection behind(After last) {
            return new Selection(organization, from, until, subject, provider, model, Optional.of(last));
        }

        /** Whether an event is among them. */
        public boolean has(UsageEvent event) {
            var dimensions = event.call().dimensions();
            return !event.time().isBefore(from)
                    && event.time().isBefore(until)
                    && (subject.isEmpty() || subject.get().equals(event.call().subject()))
                    && (provider.isEmpty() || provider.get().equals(dimensions.provider()))
                    && (model.isEmpty() || matches(model.get(), dimensions.model()));
        }

        private static boolean matches(String pattern, @Nullable String name) {
            return name != null
                    && (pattern.endsWith("*")
                            ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                            : name.equals(pattern));
        }
    }

    /** An event that was exported before. */
    public record After(EventId id, Instant time) {}

    public Export(Corrections ledger, Selection selection) {
        this.ledger = ledger;
        this.selection = selection;
    }

    /** Sends the file and ends the answer. Blocks until then; to be called on a thread that may wait. */
    public void send(EventWriter writer, HttpServerResponse response, Context context) {
        var sink = new ResponseSink(response, context);
        try {
            write(writer, sink);
            sink.end();
        } catch (ResponseSink.GoneException _) {
            sink.breakOff();
        } catch (RuntimeException | Error e) {
            LOG.atError().setCause(e).log("an export was broken off");
            sink.breakOff();
        }
    }

    private void write(EventWriter writer, ResponseSink sink) {
        var out = new StringBuilder();
        if (selection.after().isEmpty()) {
            writer.head(out);
        }
        var place = selection.after().map(after -> new Place(after.time(), 0)).orElse(Place.START);
        var query = new Query(
                selection.organization(),
                selection.from(),
                selection.until(),
                selection.provider(),
                selection.model(),
                place,
                Corrections.BATCH_MAX);
        var after = new AtomicBoolean(selection.after().isEmpty());
        EventWalk.through(ledger, query, Long.MAX_VALUE, recorded -> {
            if (!after.get()) {
                after.set(passed(recorded));
            } else if (wanted(recorded)) {
                writer.event(out, recorded);
            }
            if (out.length() >= PIECE_CHARACTERS) {
                flush(out, sink);
            }
            return true;
        });
        writer.end(out);
        flush(out, sink);
    }

    /** Events of one instant are told apart by the ledger's numbers only, which nobody outside knows. */
    private boolean passed(Recorded recorded) {
        var after = selection.after().orElseThrow();
        if (recorded.event().time().isAfter(after.time())) {
            throw new IllegalStateException("the event " + after.id() + " is not where it was");
        }
        return recorded.event().id().equals(after.id());
    }

    private boolean wanted(Recorded recorded) {
        var subject = selection.subject();
        return subject.isEmpty() || subject.get().equals(recorded.event().call().subject());
    }

    private static void flush(StringBuilder out, ResponseSink sink) {
        if (!out.isEmpty()) {
            sink.write(Buffer.buffer(out.toString()));
            out.setLength(0);
        }
    }
}
