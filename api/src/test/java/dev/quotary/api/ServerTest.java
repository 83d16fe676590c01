package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A server with the plans file of the documentation, and two clients of organization acme. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields before each test.
abstract class ServerTest {
    static final String CHECK = "/api/v1/usage/check";
    static final String RESERVATIONS = "/api/v1/usage/reservations";
    static final String RECORDS = "/api/v1/usage/records";
    static final String STATUS = "/api/v1/usage/status";
    static final String APPLY = "/api/v1/apply";

    @TempDir
    Path directory;

    ApiServer server;
    ApiClient admin;
    ApiClient app;

    @BeforeEach
    void start() {
        server = ApiServer.in(directory);
        admin = server.admin();
        app = server.service();
        assertThat(admin.post(APPLY, resource("/plans.yaml")).status()).isEqualTo(200);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static String resource(String name) {
        try (var in = ServerTest.class.getResourceAsStream(name)) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    ApiClient.Answer reserve(String body) {
        return app.post(RESERVATIONS, body);
    }

    /** Reserves under an id of the test's own, and expects to be granted. */
    void held(String id, String members) {
        assertThat(reserve("{\"id\":\"" + id + "\"," + members + "}").status()).isEqualTo(201);
    }

    ApiClient.Answer commit(String id, String body) {
        return app.post(RESERVATIONS + "/" + id + "/commit", body);
    }

    /** A number of one limit of a subject, as status shows it. */
    String shown(String subject, String limit, String member) {
        var status = app.get(STATUS + "?subject=" + subject).json().fields();
        for (var shown : status.items("limits")) {
            var fields = shown.fields();
            if (fields.need("limit").string().equals(limit)) {
                var value = fields.need(member);
                return value.isText() ? value.string() : value.json();
            }
        }
        throw new AssertionError("no limit " + limit);
    }
}
