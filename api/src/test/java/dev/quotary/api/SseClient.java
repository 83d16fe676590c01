package dev.quotary.api;

import dev.quotary.http.Documents;
import dev.quotary.http.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Reads one stream of server-sent events on a thread of its own. */
final class SseClient implements AutoCloseable {
    private static final int WAIT_SECONDS_MAX = 10;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final HttpResponse<InputStream> response;

    /** @param data the JSON object; {@code null} text where the stream has ended */
    record Event(String id, String name, String data) {
        static final Event CLOSED = new Event("", "closed", "{}");

        Value json() {
            return Documents.json(data);
        }

        String at(String path) {
            return new ApiClient.Answer(200, java.util.Map.of(), data).at(path);
        }
    }

    private SseClient(HttpRequest request) throws IOException, InterruptedException {
        response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        Thread.ofVirtual().start(this::read);
    }

    static SseClient open(int port, String key, String path, String lastId) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + key);
        if (!lastId.isEmpty()) {
            request.header("Last-Event-ID", lastId);
        }
        try {
            return new SseClient(request.build());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int status() {
        return response.statusCode();
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            var id = "";
            var name = "";
            var data = "";
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!name.isEmpty()) {
                        events.add(new Event(id, name, data));
                    }
                    id = "";
                    name = "";
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.equals(": ")) {
                    events.add(new Event("", "heartbeat", "{}"));
                }
            }
        } catch (IOException _) {
            // Told as the end.
        }
        events.add(Event.CLOSED);
    }

    /** The next event, whatever it is. */
    Event next() {
        try {
            var event = events.poll(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("nothing was told within " + WAIT_SECONDS_MAX + " s");
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The next event of a name; others before it are passed over. */
    Event next(String name) {
        for (var event = next(); ; event = next()) {
            if (event.name().equals(name)) {
                return event;
            }
            if (event.equals(Event.CLOSED)) {
                throw new AssertionError("the stream ended before " + name);
            }
        }
    }

    /** Everything until an event of a name, that one included. */
    List<Event> until(String name) {
        var seen = new ArrayList<Event>();
        do {
            seen.add(next());
        } while (!seen.getLast().name().equals(name));
        return seen;
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
