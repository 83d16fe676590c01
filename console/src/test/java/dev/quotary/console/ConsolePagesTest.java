package dev.quotary.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ConsolePagesTest {
    private static final ConsoleServer SERVER = new ConsoleServer(null);
    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

    @AfterAll
    static void close() {
        SERVER.close();
    }

    private static String header(String path, String name, String... sent) {
        return SERVER.get(path, sent).headers().firstValue(name).orElse("");
    }

    /** Where the files of this version are. */
    private static String base() {
        var matcher = Pattern.compile("/console/assets/[0-9a-f]{16}/")
                .matcher(SERVER.get("/console").body());
        assertThat(matcher.find()).isTrue();
        return matcher.group();
    }

    @Test
    void page_may_load_nothing_from_elsewhere_and_run_nothing_inline() {
        // When
        var policy = header("/console", "content-security-policy");
        // Then
        assertThat(policy)
                .contains("default-src 'none'")
                .contains("script-src 'self'")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe")
                .doesNotContain("http");
        assertThat(SERVER.get("/console").body())
                .doesNotContainPattern("<script(?![^>]*src=)")
                .doesNotContain("style=");
    }

    @Test
    void page_is_the_same_below_its_address_and_never_kept_unasked() {
        assertThat(SERVER.get("/console/subjects/ada").body())
                .isEqualTo(SERVER.get("/console").body());
        assertThat(header("/console", "cache-control")).isEqualTo("no-cache");
        assertThat(SERVER.get("/portal").body()).contains("portal.js").doesNotContain("console.js\"");
    }

    @Test
    void everything_that_the_pages_name_is_there() {
        for (var page : new String[] {"/console", "/portal"}) {
            var matcher = LINK.matcher(SERVER.get(page).body());
            int found = 0;
            while (matcher.find()) {
                found++;
                assertThat(SERVER.get(matcher.group(1)).statusCode())
                        .as(matcher.group(1))
                        .isEqualTo(200);
            }
            assertThat(found).isGreaterThan(10);
        }
    }

    @Test
    void files_of_a_version_are_kept_for_good_and_compressed() {
        // When
        var path = base() + "vendor/preact.js";
        // Then
        assertThat(header(path, "cache-control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(header(path, "content-type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(header(path, "content-encoding", "Accept-Encoding", "gzip, br"))
                .isEqualTo("gzip");
        assertThat(header(path, "content-encoding")).isEmpty();
        assertThat(header(path, "vary")).isEqualTo("accept-encoding");
        assertThat(header(
                        base() + "vendor/inter-latin-wght-normal.woff2", "content-encoding", "Accept-Encoding", "gzip"))
                .isEmpty();
    }

    @Test
    void nothing_else_of_the_jar_is_served() {
        assertThat(SERVER.get(base() + "../ConsolePages.class").statusCode()).isEqualTo(404);
        assertThat(SERVER.get(base() + "%2e%2e/ConsolePages.class").statusCode())
                .isEqualTo(404);
        assertThat(SERVER.get("/console/assets/0000000000000000/console.js").statusCode())
                .isEqualTo(404);
    }

    @Test
    void script_for_other_pages_may_be_loaded_by_them() {
        // When
        var answer = SERVER.get("/embed/quotary.js");
        // Then
        assertThat(answer.headers().firstValue("access-control-allow-origin")).contains("*");
        assertThat(answer.headers().firstValue("content-type")).contains("text/javascript; charset=utf-8");
        assertThat(answer.body()).contains("customElements.define('quotary-usage'");
    }

    @Test
    void icon_is_asked_for_again_and_not_sent_again() {
        // Given
        var tag = header("/favicon.ico", "etag");
        // When
        var again = SERVER.get("/favicon.ico", "If-None-Match", tag);
        // Then
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void pages_take_reading_only() {
        // When
        var answer = SERVER.send("POST", "/console", "{}");
        // Then
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).contains("GET, HEAD");
        assertThat(SERVER.send("HEAD", "/console", "").statusCode()).isEqualTo(200);
    }

    @Test
    void root_leads_to_the_console() {
        // When
        var answer = SERVER.get("/");
        // Then
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("location")).contains("/console");
    }
}
