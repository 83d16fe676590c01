package dev.quotary.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The reference that people read in a browser. */
class ReferenceTest extends ServerTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Pattern LOADED = Pattern.compile("(?:href|src)=\"(/docs/[^\"]*)\"");

    @Test
    void the_page_is_there_for_everybody_and_so_is_all_that_it_loads() {
        // When
        var page = get("/docs");
        // Then
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(header(page, "content-type")).isEqualTo("text/html; charset=utf-8");
        var loaded = LOADED.matcher(page.body())
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
        assertThat(loaded)
                .containsExactly(
                        "/docs/swagger-ui.css", "/docs/page.css", "/docs/swagger-ui-bundle.js", "/docs/page.js");
        assertThat(loaded.stream().map(ReferenceTest::type).toList())
                .isEqualTo(loaded.stream()
                        .map(path -> header(get(path), "content-type"))
                        .toList());
        assertThat(get("/docs/page.js").body()).contains("/api/v1/openapi.yaml");
    }

    private static String type(String path) {
        return path.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
    }

    @Test
    void nothing_may_be_loaded_from_elsewhere_and_no_other_page_may_frame_it() {
        for (var path : List.of("/docs", "/docs/", "/docs/swagger-ui-bundle.js")) {
            var answer = get(path);
            assertThat(header(answer, "content-security-policy"))
                    .isEqualTo(
                            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
                                    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
            assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
        }
    }

    @Test
    void below_the_page_is_nothing_but_what_it_loads() {
        for (var path : List.of(
                "/docs/index.html", "/docs/swagger-ui.css.map", "/docs/../openapi.yaml", "/docs/%2e%2e/x", "/docsx")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void it_is_only_read() {
        // When
        var answer = send(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString("{}")), "/docs");
        // Then
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(header(answer, "allow")).isEqualTo("GET");
    }

    private HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(), path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String path) {
        try {
            var uri = URI.create("http://127.0.0.1:" + server.port() + path);
            return HTTP.send(request.uri(uri).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
