package dev.quotary.server.command;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Ninety days of use for the demo, told to the server as an application tells what it used elsewhere; then what an operator would have done
 * about it. The same at every start, but for the dates.
 */
final class DemoHistory {
    private static final int BATCH = 4_000;
    private static final int NEARLY_PERCENT = 93;
    private static final int OVER_PERCENT = 104;

    private final HttpClient client;
    private final String url;
    private final String adminKey;

    private DemoHistory(HttpClient client, String url, String adminKey) {
        this.client = client;
        this.url = url;
        this.adminKey = adminKey;
    }

    /** Fills a server that has nothing yet; some seconds. */
    static void tell(String url, String adminKey, Instant now) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var history = new DemoHistory(client, url, adminKey);
            history.record(now);
            history.limit(DemoUser.NEARLY_OUT, NEARLY_PERCENT, "Pilot until the contract is signed");
            history.limit(DemoUser.OUT, OVER_PERCENT, "Trial of the large models");
            history.send("POST", "/api/v1/subjects/" + DemoUser.BLOCKED + "/block", "{}");
        }
    }

    private void record(Instant now) throws IOException, InterruptedException {
        var open = new ArrayList<String>(BATCH);
        for (var record : new DemoRecords(now).all()) {
            open.add(record);
            if (open.size() == BATCH) {
                send(open);
                open.clear();
            }
        }
        if (!open.isEmpty()) {
            send(open);
        }
    }

    private void send(List<String> records) throws IOException, InterruptedException {
        send("POST", "/api/v1/usage/records", "[" + String.join(",", records) + "]");
    }

    /** Gives a subject a limit of which so much is used by now, whatever day of the month it is. */
    private void limit(String subject, int percent, String reason) throws IOException, InterruptedException {
        var status = send("GET", "/api/v1/usage/status?subject=" + subject, "");
        long cents = DemoStatus.usedCents(status, "monthly-cost");
        long max = Math.max(1, Math.ceilDiv(Math.multiplyExact(cents, 100L), percent));
        send("PUT", "/api/v1/subjects/" + subject + "/overrides/monthly-cost", """
                {"max": "%d.%02d", "reason": "%s"}""".formatted(
                        max / 100, max % 100, reason));
    }

    private String send(String method, String path, String body) throws IOException, InterruptedException {
        var separator = path.contains("?") ? "&" : "?";
        var request = HttpRequest.newBuilder(
                        URI.create(url + path + separator + "organization=" + DemoPlans.ORGANIZATION))
                .header("Authorization", "Bearer " + adminKey)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new IOException("the demo's history was refused: " + answer.body());
        }
        return answer.body();
    }
}
