package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches that were accepted by a server that was killed. */
@Timeout(120)
class SyncsCrashIT {
    private static final String SYNCS = "/api/v1/usage/syncs";
    private static final int SENDERS = 8;
    private static final int RECORDS = 20;
    private static final int KILLED_AFTER = 40;
    private static final int CYCLES = 3;

    @TempDir
    private Path folder;

    private static String batch(String id) {
        var record = "{\"subject\":\"ada\",\"quantities\":{\"tokens\":1}}";
        return "{\"id\":\"" + id + "\",\"records\":[" + String.join(",", Collections.nCopies(RECORDS, record)) + "]}";
    }

    @Test
    void every_accepted_batch_is_recorded_once_whenever_the_server_is_killed() {
        // Given
        var setup = PackagedServer.in(folder, URI.create("http://127.0.0.1:9"));
        Set<String> sent = ConcurrentHashMap.newKeySet();
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        String key = "";
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            try (var server = setup.serve()) {
                key = key.isEmpty() ? setup.serviceKey(server) : key;
                var api = new Api(server.url(), key);
                int until = accepted.size() + KILLED_AFTER;
                int number = cycle;
                // When
                Together.call(SENDERS, sender -> {
                    for (int i = 0; server.alive(); i++) {
                        send(api, "c" + number + "-" + sender + "-" + i, sent, accepted);
                        if (accepted.size() >= until) {
                            server.kill();
                        }
                    }
                    return sender;
                });
                server.ended();
            }
        }
        // Then
        try (var server = setup.serve()) {
            var api = new Api(server.url(), key);
            assertThat(accepted).hasSizeGreaterThanOrEqualTo(CYCLES * KILLED_AFTER);
            accepted.forEach(id -> Await.until(() -> state(api, id), state -> state.equals("done")));
            // Of some it is not known whether they were accepted: they are sent again.
            sent.forEach(id -> api.post(SYNCS, batch(id)).expect(202));
            sent.forEach(id -> Await.until(() -> state(api, id), state -> state.equals("done")));
            var status = api.get("/api/v1/usage/status?subject=ada").expect(200);
            assertThat(Example.limit(status, "tokens").get("used").asLong()).isEqualTo((long) sent.size() * RECORDS);
            assertThat(List.of("pending", "parked"))
                    .allMatch(state -> api.get(SYNCS + "?state=" + state)
                            .expect(200)
                            .get("syncs")
                            .isEmpty());
            var verified = setup.command(server, "verify-ledger");
            assertThat(verified.exit()).as(verified.out() + verified.err()).isZero();
        }
    }

    private static void send(Api api, String id, Set<String> sent, Set<String> accepted) {
        sent.add(id);
        try {
            if (api.post(SYNCS, batch(id)).status() == 202) {
                accepted.add(id);
            }
        } catch (UncheckedIOException _) {
            // Killed: whether it was accepted is not known.
        }
    }

    private static String state(Api api, String id) {
        return api.get(SYNCS + "/" + id).expect(200).get("state").asText();
    }
}
