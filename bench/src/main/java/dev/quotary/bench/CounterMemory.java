package dev.quotary.bench;

import dev.quotary.call.OrganizationKey;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Scope;
import dev.quotary.memory.MemoryLimiter;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.Window;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a live counter costs.
 *
 * <p>{@code heap N}: the heap that N counters take in the limiter of this JVM. {@code fill URL KEY SUBJECTS}: has a running server count
 * something for so many subjects, in batches.
 */
public final class CounterMemory {
    private static final int COUNTERS_PER_SUBJECT = 4;
    private static final int BATCH = 1_000;
    private static final List<Counted> COUNTED = List.of(
            counted(MeterKey.REQUESTS, "day"),
            counted(MeterKey.TOKENS, "day"),
            counted(MeterKey.TOKENS, "month"),
            counted(MeterKey.COST, "month"));

    private CounterMemory() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        switch (arguments[0]) {
            case "heap" -> heap(Integer.parseInt(arguments[1]));
            case "fill" -> fill(URI.create(arguments[1]), arguments[2], Integer.parseInt(arguments[3]));
            default -> throw new IllegalArgumentException("expected heap or fill, was " + arguments[0]);
        }
    }

    private static Counted counted(MeterKey meter, String window) {
        return new Counted(meter, Filter.ALL, Scope.SUBJECT, WindowSpec.parse(window));
    }

    private static void heap(int counters) throws InterruptedException {
        var limiter = new MemoryLimiter();
        var organization = new OrganizationKey("bench");
        var now = Instant.parse("2026-11-22T10:00:00Z");
        var windows = COUNTED.stream()
                .map(counted -> counted.window().at(now, WindowCalendar.UTC))
                .toList();
        long before = used();
        for (int i = 0; i < counters / COUNTERS_PER_SUBJECT; i++) {
            count(limiter, organization, "subject-" + i, windows);
        }
        long after = used();
        // The limiter must be alive until here.
        if (limiter.counts().counters() != counters) {
            throw new IllegalStateException("expected " + counters + " counters, was " + limiter.counts());
        }
        System.out.println("bytes " + (after - before) / counters);
    }

    private static void count(
            MemoryLimiter limiter, OrganizationKey organization, String subject, List<Window> windows) {
        for (int i = 0; i < COUNTERS_PER_SUBJECT; i++) {
            limiter.correct(new CounterKey(organization, COUNTED.get(i), subject, windows.get(i)), i + 1L);
        }
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void fill(URI server, String key, int subjects) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            for (int first = 0; first < subjects; first += BATCH) {
                var batch = IntStream.range(first, Math.min(first + BATCH, subjects))
                        .mapToObj(CounterMemory::record)
                        .collect(Collectors.joining(",", "[", "]"));
                var request = HttpRequest.newBuilder(server.resolve("/api/v1/usage/records"))
                        .header("Authorization", "Bearer " + key)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(batch))
                        .build();
                var answer = client.send(request, BodyHandlers.ofString());
                if (answer.statusCode() != 200) {
                    throw new IllegalStateException(
                            "the server answered " + answer.statusCode() + ": " + answer.body());
                }
            }
        }
        System.out.println("filled " + subjects);
    }

    private static String record(int subject) {
        return "{\"id\":\"r" + subject + "\",\"subject\":\"subject-" + subject
                + "\",\"quantities\":{\"requests\":1,\"tokens.input\":10},\"cost\":\"0.01\"}";
    }
}
