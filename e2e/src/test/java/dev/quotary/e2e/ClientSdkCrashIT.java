package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.client.Call;
import dev.quotary.client.QuotaryClient;
import dev.quotary.client.Settled;
import dev.quotary.client.UnsentOptions;
import dev.quotary.client.Usage;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java SDK while its server, or its own process, is killed: every usage that it took is in the ledger in the end, once. */
@Timeout(120)
class ClientSdkCrashIT {
    private static final String PLANS = """
            meters: [ { key: export, aggregation: sum } ]
            plans:
              - key: free
                limits: [ { key: exports, meter: export, per: subject, window: lifetime, max: 1000000 } ]
            organizations: [ { key: acme, plan: free } ]
            """;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private PackagedServer setup;
    private URI url;

    @BeforeEach
    void start() throws IOException {
        setup = PackagedServer.in(folder, URI.create("http://127.0.0.1:9"), PLANS);
        // One port for the server and its successors, so that the client finds them.
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            setup.environment().put("QUOTARY_SERVER_PORT", Integer.toString(free.getLocalPort()));
            url = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
    }

    private QuotaryClient client(String key) {
        return QuotaryClient.builder(url, key)
                .unsent(UnsentOptions.in(folder.resolve("unsent"))
                        .pauses(Duration.ofMillis(50), Duration.ofMillis(200)))
                .timeout(Duration.ofSeconds(5))
                .build();
    }

    private static Call export(String id) {
        return Call.of().id(id).subject("ada").quantity("export", 1);
    }

    private static void assertExports(QuotaryClient client, long used) {
        var limit = client.status("ada").limit("exports").orElseThrow();
        assertThat(limit.used()).isEqualByComparingTo(Long.toString(used));
        assertThat(limit.held()).isEqualByComparingTo("0");
    }

    @Test
    void usage_of_a_time_without_a_server_is_recorded_once_when_it_is_back() throws InterruptedException {
        // Given
        String key;
        try (var server = setup.serve()) {
            server.url();
            key = setup.serviceKey(server);
            try (var client = client(key)) {
                var held = client.reserve(export("held"));
                assertThat(client.record(export("before"), Usage.asHeld())).isInstanceOf(Settled.Recorded.class);
                server.kill().ended();
                // When
                assertThat(held.commit(Usage.of("export", 5))).isInstanceOf(Settled.Kept.class);
                var unasked = client.reserve(export("unasked"));
                assertThat(unasked.decision().unmetered()).isTrue();
                assertThat(unasked.commit(Usage.of("export", 7))).isInstanceOf(Settled.Kept.class);
                for (int i = 0; i < 20; i++) {
                    assertThat(client.record(export("away-" + i), Usage.asHeld()))
                            .isInstanceOf(Settled.Kept.class);
                }
                try (var again = setup.serve()) {
                    again.url();
                    // Then
                    assertThat(client.flush(PATIENCE)).isTrue();
                    assertExports(client, 1 + 5 + 7 + 20);
                    assertThat(client.record(export("away-3"), Usage.asHeld())).isInstanceOf(Settled.Recorded.class);
                }
            }
        }
    }

    @Test
    void usage_that_a_killed_process_took_is_recorded_once_by_its_successor() throws Exception {
        // Given
        try (var server = setup.serve()) {
            server.url();
            var key = setup.serviceKey(server);
            var killed = Recorder.start(url, key, folder.resolve("unsent"));
            var taken = killed.lines(300);
            // When
            killed.kill();
            // Then
            try (var client = client(key)) {
                assertThat(client.flush(PATIENCE)).isTrue();
                assertThat(client.unsent()).isZero();
            }
            var records = taken.stream()
                    .map(id -> "{\"id\":\"" + id + "\",\"source\":\"quotary-client\",\"subject\":\"ada\","
                            + "\"quantities\":{\"export\":1}}")
                    .collect(Collectors.joining(",", "[", "]"));
            var repeated = new Api(server.url(), key)
                    .post("/api/v1/usage/records", records)
                    .expect(200);
            assertThat(taken).hasSize(300).doesNotHaveDuplicates();
            assertThat(repeated.get("duplicates").asInt()).isEqualTo(300);
            assertThat(repeated.get("recorded").asInt()).isZero();
        }
    }

    /** A process that records as fast as it can, names each usage that the SDK took, and never ends by itself. */
    private record Recorder(Process process) {
        static Recorder start(URI url, String key, Path unsent) throws IOException {
            var classes = List.of(place(QuotaryClient.class), place(ClientSdkRecorder.class));
            return new Recorder(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            String.join(File.pathSeparator, classes),
                            ClientSdkRecorder.class.getName(),
                            url.toString(),
                            key,
                            unsent.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        }

        private static String place(Class<?> type) {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .toString();
        }

        List<String> lines(int count) {
            var lines = new ArrayList<String>();
            try {
                var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                while (lines.size() < count) {
                    lines.add(String.valueOf(out.readLine()));
                }
                return lines;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void kill() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }
}
