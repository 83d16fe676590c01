package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.catalog.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCountersTest {
    private static final String PATH = "/api/v1/admin/verify-counters";

    @TempDir
    private Path directory;

    private ApiServer server;

    @BeforeEach
    void start() {
        server = ApiServer.in(directory);
        var applied = server.admin().with("Content-Type", "application/yaml").post("/api/v1/apply", """
                plans: [ { key: free, limits: [ { key: r, meter: requests, per: subject, window: day, max: 100000 } ] } ]
                organizations: [ { key: acme, plan: free } ]
                """);
        assertThat(applied.status()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void counter_that_is_not_what_was_recorded_is_told() {
        // Given
        server.service().post("/api/v1/usage/records", record("r1", "ada"));
        server.service().post("/api/v1/usage/records", record("r2", "bob"));
        server.miscount("acme", "r", "ada", 5);
        // When
        var answer = server.admin().post(PATH, "");
        // Then
        assertThat(answer.at("compared")).isEqualTo("2");
        assertThat(answer.at("different")).isEqualTo("1");
        assertThat(answer.at("differences/0/scope_value")).isEqualTo("ada");
        assertThat(answer.at("differences/0/counted")).isEqualTo("requests|subject|day|");
        assertThat(answer.at("differences/0/expected")).isEqualTo("1");
        assertThat(answer.at("differences/0/found")).isEqualTo("5");
    }

    @Test
    void use_that_is_on_its_way_is_no_difference() throws Exception {
        // Given
        var service = server.service();
        var admin = server.admin();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var recording = new ArrayList<Future<?>>();
            for (int i = 0; i < 8; i++) {
                int worker = i;
                recording.add(threads.submit(() -> {
                    for (int j = 0; j < 40; j++) {
                        assertThat(service.post("/api/v1/usage/records", record(worker + "-" + j, "u" + j % 3))
                                        .status())
                                .isEqualTo(200);
                    }
                }));
            }
            // When
            var different = new ArrayList<String>();
            do {
                different.add(admin.post(PATH, "").at("different"));
            } while (!recording.stream().allMatch(Future::isDone));
            for (var done : recording) {
                done.get();
            }
            // Then
            assertThat(different).containsOnly("0");
            assertThat(admin.post(PATH, "").at("compared")).isEqualTo("3");
        }
    }

    @Test
    void only_an_admin_of_the_whole_server_may_ask() {
        // Given
        var ofOrganization = server.as(server.key(Role.ADMIN, "acme", null));
        // When, Then
        assertThat(ofOrganization.post(PATH, "").status()).isEqualTo(403);
        assertThat(server.service().post(PATH, "").status()).isEqualTo(403);
        assertThat(server.admin().post(PATH, "{ \"all\": true }").status()).isEqualTo(400);
    }

    private static String record(String id, String subject) {
        return "{ \"id\": \"" + id + "\", \"subject\": \"" + subject + "\", \"quantities\": { \"requests\": 1 } }";
    }
}
