package dev.quotary.console;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts wrong passwords, so that nobody guesses for long: some a quarter of an hour from one address, and some more from all together, as an
 * attacker has many addresses. Keys are not counted: nobody guesses 256 bits. Safe for many threads.
 */
final class Attempts {
    static final int OF_ONE_ADDRESS = 10;
    static final int OF_ALL = 200;
    private static final Duration SPAN = Duration.ofMinutes(15);
    private static final int ADDRESSES_MAX = 10_000;
    private static final String ALL = "";

    private final Map<String, Span> spans = new LinkedHashMap<>();

    private record Span(Instant begin, int wrong) {
        boolean over(Instant now) {
            return !now.isBefore(begin.plus(SPAN));
        }
    }

    /** For how long whoever is at an address has to wait before the next attempt; zero for not at all. */
    synchronized Duration wait(String address, Instant now) {
        var own = left(address, OF_ONE_ADDRESS, now);
        var all = left(ALL, OF_ALL, now);
        return own.compareTo(all) > 0 ? own : all;
    }

    private Duration left(String address, int max, Instant now) {
        var span = spans.get(address);
        return span == null || span.over(now) || span.wrong() < max
                ? Duration.ZERO
                : Duration.between(now, span.begin().plus(SPAN));
    }

    synchronized void wrong(String address, Instant now) {
        count(address, now);
        count(ALL, now);
        if (spans.size() > ADDRESSES_MAX) {
            spans.values().removeIf(span -> span.over(now));
        }
        var oldest = spans.keySet().iterator();
        while (spans.size() > ADDRESSES_MAX && oldest.hasNext()) {
            if (!oldest.next().equals(ALL)) {
                oldest.remove();
            }
        }
    }

    private void count(String address, Instant now) {
        var span = spans.get(address);
        spans.put(
                address, span == null || span.over(now) ? new Span(now, 1) : new Span(span.begin(), span.wrong() + 1));
    }

    /** Whoever knows the password has a clean slate. */
    synchronized void right(String address) {
        spans.remove(address);
    }
}
