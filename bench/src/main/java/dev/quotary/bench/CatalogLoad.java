package dev.quotary.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A large catalog, and what reads it.
 *
 * <p>{@code file PLANS FROM UNTIL}: prints a plans file with so many plans of six limits each, and the subjects of these numbers, which have
 * these plans in turn. {@code reads URL KEY SUBJECTS SECONDS}: lets one client after the other read what a console reads, and prints how long
 * it took.
 */
public final class CatalogLoad {
    private static final int NANOS_PER_MICRO = 1_000;
    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;
    private static final int SAMPLES_MAX = 1_000_000;

    private CatalogLoad() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        switch (arguments[0]) {
            case "file" -> file(number(arguments[1]), number(arguments[2]), number(arguments[3]));
            case "reads" -> reads(arguments[1], arguments[2], number(arguments[3]), number(arguments[4]));
            default -> throw new IllegalArgumentException("expected file or reads, was " + arguments[0]);
        }
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }

    /** The limits are those of setup/plans.yaml. */
    private static void file(int plans, int from, int until) {
        var out = new StringBuilder("plans:\n");
        for (int i = 0; i < plans; i++) {
            out.append("  - key: plan-").append(i).append('\n').append("""
                        limits:
                          - { key: requests-per-minute, meter: requests, per: subject, window: minute, max: 1000000000 }
                          - { key: daily-tokens, meter: tokens, per: subject, window: day, max: 1000000000000 }
                          - { key: monthly-cost, meter: cost, per: subject, window: month, max: "1000000" }
                          - { key: session-output, meter: tokens.output, per: session, window: hour, max: 1000000000000 }
                          - { key: organization-tokens, meter: tokens, per: organization, window: day, max: 1000000000000 }
                          - { key: organization-cost, meter: cost, per: organization, window: month, max: "1000000" }
                    """);
        }
        out.append("organizations:\n  - key: bench\n    plan: bench\n    subjects:\n");
        for (int i = from; i < until; i++) {
            out.append(String.format(
                    Locale.ROOT, "      - { key: user-%d, name: Person %d, plan: plan-%d }%n", i, i, i % plans));
        }
        System.out.print(out);
    }

    private static void reads(String url, String key, int subjects, int seconds)
            throws IOException, InterruptedException {
        var paths = List.of(
                "/api/v1/subjects/user-%d?organization=bench",
                "/api/v1/subjects?organization=bench&limit=50&prefix=user-%d",
                "/api/v1/subjects?organization=bench&limit=50&plan=plan-7",
                "/api/v1/subjects?organization=bench&limit=50&q=nobody-is-called-%d",
                "/api/v1/plans?limit=50",
                "/api/v1/usage/status?organization=bench&subject=user-%d");
        var random = new SplittableRandom(1);
        try (var client = HttpClient.newHttpClient()) {
            run(client, new Asked(url, key, paths, subjects, random), Math.max(1, seconds / 2));
            for (int i = 0; i < paths.size(); i++) {
                var one = new Asked(url, key, List.of(paths.get(i)), subjects, random);
                print("read-" + i, run(client, one, Math.max(1, seconds / paths.size())));
            }
            print("reads", run(client, new Asked(url, key, paths, subjects, random), seconds));
        }
    }

    private record Asked(String url, String key, List<String> paths, int subjects, SplittableRandom random) {
        HttpRequest next() {
            var path = paths.get(random.nextInt(paths.size()));
            var target = path.contains("%d") ? String.format(Locale.ROOT, path, random.nextInt(subjects)) : path;
            return HttpRequest.newBuilder(URI.create(url + target))
                    .header("Authorization", "Bearer " + key)
                    .build();
        }
    }

    private static long[] run(HttpClient client, Asked asked, int seconds) throws IOException, InterruptedException {
        var nanos = new long[SAMPLES_MAX];
        int count = 0;
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end && count < SAMPLES_MAX) {
            var request = asked.next();
            long begun = System.nanoTime();
            var answer = client.send(request, BodyHandlers.ofByteArray());
            nanos[count++] = System.nanoTime() - begun;
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(request.uri() + ": " + answer.statusCode());
            }
        }
        var sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private static void print(String name, long[] sorted) {
        System.out.printf(
                Locale.ROOT,
                "%s count=%d p50=%d p99=%d max=%d%n",
                name,
                sorted.length,
                at(sorted, MEDIAN),
                at(sorted, P99),
                sorted[sorted.length - 1] / NANOS_PER_MICRO);
    }

    private static long at(long[] sorted, double share) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))] / NANOS_PER_MICRO;
    }
}
