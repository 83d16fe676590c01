package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.e2e.RawClient.Ask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged server on a disk that is full, takes no writes, or may not be written. */
@Timeout(180)
class DiskIT {
    private static final String PLANS = """
            plans:
              - key: open
                limits:
                  - { key: calls, meter: requests, per: subject, window: lifetime, max: 1000000 }
                  - { key: tokens, meter: tokens, per: subject, window: lifetime, max: 100000000 }
              - key: strict
                limits: [ { key: calls, meter: requests, per: subject, window: lifetime, max: 1000000, on_store_failure: deny } ]
            organizations:
              - { key: acme, plan: open, subjects: [ { key: strict, plan: strict } ] }
            """;
    private static final int TRIES_MAX = 20_000;

    @TempDir
    private Path folder;

    /** @param room that every file is left with: none at all, or what a while of work fills */
    @ParameterizedTest
    @ValueSource(longs = {0, 200_000})
    void nothing_acknowledged_is_lost_on_a_full_disk_and_work_goes_on_when_there_is_room(long room) {
        // Given
        try (var simulator = Simulator.start()) {
            var setup = PackagedServer.in(folder, simulator.baseUrl(), PLANS);
            var acknowledged = new HashMap<String, Long>();
            String unmetered;
            String called;
            try (var server = setup.serve()) {
                var api = new Api(server.url(), setup.serviceKey(server));
                record(api, "before", acknowledged);
                Disk.limit(server, room == 0 ? 0 : room + fullest());
                // When
                var refused = recordUntilRefused(api, acknowledged);
                unmetered = reserveUntilUnmetered(api);
                var denied = reserve(api, "strict", "s1");
                var call = RawClient.exchange(
                        server.port(),
                        Ask.post(TestServer.CHAT, Chat.CAPPED).key(api.key()).with("X-Quotary-Subject", "cy"));
                called = call.header("X-Quotary-Event").orElseThrow();
                Disk.free(server);
                var recorded = Await.until(() -> post(api, "after", 1), answer -> answer.status() == 200);
                acknowledged.put(eventOf(recorded), 1L);
                var committed = api.post("/api/v1/usage/reservations/" + unmetered + "/commit", "{}");
                // Then
                assertThat(refused.json().get("code").asText()).isEqualTo("STORE_UNAVAILABLE");
                assertThat(denied.status()).isEqualTo(503);
                assertThat(call.status()).isEqualTo(200);
                assertThat(committed.status()).isEqualTo(200);
                Await.until(() -> api.get("/api/v1/usage/events/" + called), answer -> answer.status() == 200);
                check(api, acknowledged);
                assertThat(setup.command(server, "verify-ledger").exit()).isZero();
                server.kill().ended();
            }
            try (var server = setup.serve()) {
                var api = new Api(server.url(), setup.serviceKey(server));
                check(api, acknowledged);
                assertThat(api.get("/api/v1/usage/events/" + called).status()).isEqualTo(200);
                var clean = setup.command(server, "verify-ledger");
                assertThat(clean.exit()).as(clean.out()).isZero();
            }
        }
    }

    @Test
    void data_directory_that_may_not_be_written_is_told_and_nothing_in_it_changes() throws IOException {
        // Given
        var setup = PackagedServer.in(folder, URI.create("http://127.0.0.1:9"), PLANS);
        var acknowledged = new HashMap<String, Long>();
        try (var server = setup.serve()) {
            record(new Api(server.url(), setup.serviceKey(server)), "r", acknowledged);
            server.terminate().ended();
        }
        var data = folder.resolve("data");
        var database = Files.readAllBytes(data.resolve("quotary.db"));
        readable(data);
        // When
        var refused = startAsOther(setup);
        // Then
        assertThat(refused.exit()).as(refused.err()).isEqualTo(1);
        assertThat(refused.err()).startsWith("quotary: the data directory").contains("cannot be written");
        assertThat(Files.readAllBytes(data.resolve("quotary.db"))).isEqualTo(database);
        writable(data);
        try (var server = setup.serve()) {
            check(new Api(server.url(), setup.serviceKey(server)), acknowledged);
        }
    }

    /** Everybody may read, nobody may write. */
    private void readable(Path data) throws IOException {
        permit(folder, "rwxr-xr-x");
        try (var files = Files.list(data)) {
            for (var file : files.toList()) {
                permit(file, "r--r--r--");
            }
        }
        permit(data, "r-xr-xr-x");
    }

    private static void writable(Path data) throws IOException {
        permit(data, "rwx------");
        try (var files = Files.list(data)) {
            for (var file : files.toList()) {
                permit(file, "rw-------");
            }
        }
    }

    private static void permit(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    /** Permissions do not bind root, so that root starts the server as somebody else, from a copy that everybody may read. */
    private Quotary.Ended startAsOther(PackagedServer setup) throws IOException {
        var serve = List.of("serve", "--config", folder.resolve("quotary.yaml").toString());
        if (!System.getProperty("user.name").equals("root")) {
            return Quotary.run(folder, setup.environment(), serve.toArray(String[]::new));
        }
        var arguments = new ArrayList<>(List.of("--reuid=65534", "--regid=65534", "--clear-groups"));
        arguments.add(copied().resolve("quotary").toString());
        arguments.addAll(serve);
        try (var command = Quotary.start(folder, setup.environment(), Path.of("setpriv"), arguments)) {
            return command.ended();
        }
    }

    private Path copied() throws IOException {
        var distribution = Quotary.root().resolve("server/target/quotary");
        var copy = folder.resolve("distribution");
        try (var files = Files.walk(distribution)) {
            for (var file : files.toList()) {
                var target = copy.resolve(distribution.relativize(file));
                Files.copy(file, target);
                permit(target, "rwxr-xr-x");
            }
        }
        return copy;
    }

    private long fullest() {
        return Math.max(size("quotary.db"), Math.max(size("quotary.db-wal"), size("holds.journal")));
    }

    private long size(String name) {
        return Disk.size(folder.resolve("data").resolve(name));
    }

    private static Api.Answer recordUntilRefused(Api api, Map<String, Long> acknowledged) {
        for (int i = 0; i < TRIES_MAX; i++) {
            var answer = post(api, "full-" + i, i);
            if (answer.status() != 200) {
                assertThat(answer.status()).isEqualTo(503);
                return answer;
            }
            acknowledged.put(eventOf(answer), (long) i);
        }
        throw new AssertionError("the disk was never full");
    }

    private static String reserveUntilUnmetered(Api api) {
        for (int i = 0; i < TRIES_MAX; i++) {
            var answer = reserve(api, "ada", "full-" + i).expect(201);
            if (answer.get("decision").asText().equals("allowed_unmetered")) {
                return "full-" + i;
            }
        }
        throw new AssertionError("the disk was never full");
    }

    private static Api.Answer reserve(Api api, String subject, String id) {
        return api.post(
                "/api/v1/usage/reservations",
                "{\"id\":\"" + id + "\",\"subject\":\"" + subject
                        + "\",\"ttl_seconds\":3600,\"quantities\":{\"requests\":1}}");
    }

    private static void record(Api api, String id, Map<String, Long> acknowledged) {
        acknowledged.put(eventOf(post(api, id, 7)), 7L);
    }

    private static Api.Answer post(Api api, String id, long tokens) {
        return api.post(
                "/api/v1/usage/records",
                "{\"id\":\"" + id + "\",\"subject\":\"bob\",\"quantities\":{\"requests\":1,\"tokens.input\":" + tokens
                        + "}}");
    }

    private static String eventOf(Api.Answer recorded) {
        return recorded.expect(200).at("/events/0/id").asText();
    }

    private static void check(Api api, Map<String, Long> acknowledged) {
        acknowledged.forEach((id, tokens) -> assertThat(api.get("/api/v1/usage/events/" + id)
                        .expect(200)
                        .at("/quantities/tokens")
                        .asLong())
                .isEqualTo(tokens));
    }
}
