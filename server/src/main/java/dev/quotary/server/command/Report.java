package dev.quotary.server.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Verification;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What a comparison tells while it runs: differences as they are found, then what was compared. */
sealed interface Report extends AutoCloseable {
    void difference(Difference difference);

    /** The comparison of the database is done. */
    void verified(Verification verification);

    /** Files of entries that wait for the next start of a server, and were not compared. */
    void leftBehind(List<Path> files);

    /** The comparison of a running server's counters is done. */
    void counters(long compared, long different);

    @Override
    void close();

    /** Everything was compared. */
    void complete();

    /** On standard output. */
    static Report of(boolean json) {
        return json ? new Json(System.out) : new Lines(System.out);
    }

    /** For people. */
    final class Lines implements Report {
        private final PrintStream out;

        private Lines(PrintStream out) {
            this.out = out;
        }

        @Override
        public void difference(Difference difference) {
            out.println(Differences.line(difference));
        }

        @Override
        public void verified(Verification verification) {
            out.println(verification.events() + " events, " + verification.rollups() + " hourly rollups, "
                    + verification.sums() + " window sums: " + told(verification.differences()));
            if (verification.sumsPassedOver() > 0) {
                out.println(verification.sumsPassedOver() + " window sums passed over: what is declared now does not"
                        + " count them, or did not from their beginning");
            }
        }

        @Override
        public void leftBehind(List<Path> files) {
            if (!files.isEmpty()) {
                out.println("not compared: entries that wait for the next start of the server, in " + names(files)
                        + ". They are durable. Start the server, then verify again.");
            }
        }

        private static String names(List<Path> files) {
            return files.stream().map(Path::getFileName).map(Path::toString).collect(Collectors.joining(", "));
        }

        @Override
        public void counters(long compared, long different) {
            out.println(compared + " counters of the running server: " + told(different));
        }

        private static String told(long differences) {
            return differences == 0 ? "no difference" : differences + " differences";
        }

        @Override
        public void complete() {
            out.flush();
        }

        @Override
        public void close() {
            out.flush();
        }
    }

    /** For programs: one document, written as it comes. */
    final class Json implements Report {
        private final JsonGenerator json;
        private boolean open = true;
        private boolean complete;
        private long different;
        private Verification verification = Verification.NOTHING;
        private long counters = -1;
        private List<Path> leftBehind = List.of();

        private Json(PrintStream out) {
            try {
                this.json = new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
                json.writeStartObject();
                json.writeArrayFieldStart("differences");
            } catch (IOException e) {
                throw new UncheckedIOException("writing the report", e);
            }
        }

        @Override
        public void difference(Difference difference) {
            try {
                Differences.write(json, difference);
            } catch (IOException e) {
                throw new UncheckedIOException("writing the report", e);
            }
        }

        @Override
        public void verified(Verification done) {
            verification = done;
            different += done.differences();
        }

        @Override
        public void leftBehind(List<Path> files) {
            leftBehind = files;
        }

        @Override
        public void counters(long compared, long differentCounters) {
            counters = compared;
            different += differentCounters;
        }

        @Override
        public void complete() {
            complete = true;
        }

        @Override
        public void close() {
            if (!open) {
                return;
            }
            open = false;
            try (json) {
                json.writeEndArray();
                json.writeBooleanField("complete", complete);
                json.writeBooleanField("clean", complete && different == 0);
                json.writeNumberField("different", different);
                json.writeNumberField("events", verification.events());
                json.writeNumberField("rollups", verification.rollups());
                json.writeNumberField("window_sums", verification.sums());
                json.writeNumberField("window_sums_passed_over", verification.sumsPassedOver());
                json.writeArrayFieldStart("not_compared");
                for (var file : leftBehind) {
                    json.writeString(file.getFileName().toString());
                }
                json.writeEndArray();
                if (counters >= 0) {
                    json.writeNumberField("counters", counters);
                } else {
                    json.writeNullField("counters");
                }
                json.writeEndObject();
                json.writeRaw('\n');
            } catch (IOException e) {
                throw new UncheckedIOException("writing the report", e);
            }
        }
    }
}
