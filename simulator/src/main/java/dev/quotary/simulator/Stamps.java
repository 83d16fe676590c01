package dev.quotary.simulator;

import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives each call the number that its ids are made of.
 *
 * <p>Random ids would make two runs differ; a bare counter would repeat them after a restart, and whoever remembers answers by
 * their id would take new ones for old. Hence the time of the start and a counter.
 */
final class Stamps {
    private final long startedAtMillis;
    private final AtomicLong calls = new AtomicLong();

    Stamps(Instant startedAt) {
        startedAtMillis = startedAt.toEpochMilli();
    }

    Stamp next() {
        return new Stamp(String.format(Locale.ROOT, "sim%011x%08x", startedAtMillis, calls.incrementAndGet()));
    }

    /** The number of one call. */
    record Stamp(String text) {
        String requestId() {
            return "req_" + text;
        }

        String messageId() {
            return "msg_" + text;
        }

        String answerId() {
            return text;
        }

        String completionId() {
            return "chatcmpl-" + text;
        }
    }
}
