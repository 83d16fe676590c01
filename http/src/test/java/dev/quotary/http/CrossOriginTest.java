package dev.quotary.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossOriginTest {
    private static final String APP = "https://app.example.com";
    private static final String STATUS = "/api/v1/usage/status?subject=ada";

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** The answer of a server that allows some origins, to a request from an origin. */
    private HttpClientResponse ask(Set<String> allowed, String origin, HttpMethod method, String path)
            throws Exception {
        var embedding = new CrossOrigin(allowed);
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> {
                    if (!embedding.answered(request)) {
                        request.response().end("answer");
                    }
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        return vertx.createHttpClient()
                .request(method, server.actualPort(), "127.0.0.1", path)
                .compose(request -> request.putHeader("Origin", origin).send())
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void allowed_page_may_read_how_limits_stand() throws Exception {
        // When
        var answer = ask(Set.of(APP), APP, HttpMethod.GET, STATUS);
        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.getHeader("access-control-allow-origin")).isEqualTo(APP);
        assertThat(answer.getHeader("access-control-allow-credentials")).isNull();
        assertThat(answer.getHeader("vary")).isEqualToIgnoringCase("origin");
    }

    @Test
    void allowed_page_may_show_its_token() throws Exception {
        // When
        var answer = ask(Set.of(APP), APP, HttpMethod.OPTIONS, STATUS);
        // Then
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(answer.getHeader("access-control-allow-headers")).contains("authorization");
        assertThat(answer.getHeader("access-control-allow-methods")).isEqualTo("GET");
    }

    @Test
    void other_pages_may_read_nothing() throws Exception {
        // When
        var get = ask(Set.of(APP), "https://evil.example.com", HttpMethod.GET, STATUS);
        var preflight = ask(Set.of(APP), "https://evil.example.com", HttpMethod.OPTIONS, STATUS);
        // Then
        assertThat(get.getHeader("access-control-allow-origin")).isNull();
        assertThat(preflight.getHeader("access-control-allow-origin")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/usage/records", "/api/v1/keys", "/console/session", "/api/v1/usage/events/evt_1"})
    void allowed_page_may_read_nothing_else(String path) throws Exception {
        // When
        var answer = ask(Set.of(APP), APP, HttpMethod.GET, path);
        // Then
        assertThat(answer.getHeader("access-control-allow-origin")).isNull();
    }

    @Test
    void nobody_may_by_default() throws Exception {
        assertThat(ask(Set.of(), APP, HttpMethod.GET, STATUS).getHeader("access-control-allow-origin"))
                .isNull();
    }

    @Test
    void star_stands_for_all() throws Exception {
        assertThat(ask(Set.of("*"), APP, HttpMethod.GET, STATUS).getHeader("access-control-allow-origin"))
                .isEqualTo("*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.example.com", "https://app.example.com/", "ftp://app.example.com", "https://", "null"})
    void what_is_no_origin_is_refused(String text) {
        assertThatThrownBy(() -> new CrossOrigin(Set.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected an origin such as https://app.example.com, was '" + text + "'");
    }
}
