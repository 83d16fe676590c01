package dev.quotary.server.command;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** The demo's users: a few calls at once, then one every few seconds, so that there is something to see. */
final class DemoTraffic {
    /** The last two are refused: one is beyond its limit, one is blocked. */
    private static final List<String> SUBJECTS = List.of(
            "bob", "carol", "deshawn", "priya", "ingrid", "samuel", "chloe", "maya", DemoUser.OUT, DemoUser.BLOCKED);

    private static final List<String> FEATURES = List.of("chat", "summary", "translate");
    private static final int CALLS_AT_ONCE = 20;
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private DemoTraffic() {}

    static void start(String url, String key) {
        Thread.ofVirtual().name("demo-traffic").start(() -> {
            var random = new Random(7);
            try (var client = HttpClient.newHttpClient()) {
                for (int i = 0; ; i++) {
                    call(client, url, key, random);
                    if (i >= CALLS_AT_ONCE) {
                        Thread.sleep(PAUSE);
                    }
                }
            } catch (IOException | InterruptedException _) {
                // The server has stopped, and the demo with it.
            }
        });
    }

    private static void call(HttpClient client, String url, String key, Random random)
            throws IOException, InterruptedException {
        int input = 50 + random.nextInt(900);
        int output = 20 + random.nextInt(400);
        var text = "[simulate input=%d output=%d]".formatted(input, output);
        var request = DemoCall.any(random)
                .request(url, key, text)
                .header("X-Quotary-Subject", pick(SUBJECTS, random))
                .header("X-Quotary-Feature", pick(FEATURES, random))
                .build();
        client.send(request, BodyHandlers.discarding());
    }

    private static String pick(List<String> options, Random random) {
        return options.get(random.nextInt(options.size()));
    }
}
