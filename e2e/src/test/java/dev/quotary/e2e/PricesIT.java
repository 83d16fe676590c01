package dev.quotary.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code prices} and {@code reprice} as operators run them. */
@Timeout(120)
class PricesIT {
    private static final URI NOWHERE = URI.create("http://127.0.0.1:9");
    private static final String PLANS = """
            plans:
              - key: free
                limits: [ { key: money, meter: cost, per: subject, window: month, max: "100" } ]
            organizations:
              - { key: acme, plan: free }
            """;
    private static final String FILE = """
            { "xai/grok-9": { "litellm_provider": "xai", "mode": "chat",
                "input_cost_per_token": %s, "output_cost_per_token": 2e-06 } }""";

    @TempDir
    private Path folder;

    @Test
    void price_file_is_shown_imported_and_history_priced_anew() {
        // Given
        var setup = PackagedServer.in(folder, NOWHERE, PLANS);
        try (var server = setup.serve()) {
            var api = new Api(server.url(), setup.serviceKey(server));
            PackagedServer.write(folder.resolve("wrong.json"), FILE.formatted("1e-06"));
            PackagedServer.write(folder.resolve("right.json"), FILE.formatted("5e-07"));
            // When
            var dry = setup.command(server, "prices", "import", "--format", "litellm", "--dry-run", "wrong.json");
            var unknown = setup.command(server, "prices", "show", "xai/grok-9");
            var first = setup.command(
                    server, "prices", "import", "--format", "litellm", "--from", "2026-01-01", "wrong.json");
            for (int i = 0; i < 3; i++) {
                api.post("/api/v1/usage/records", record(i)).expect(200);
            }
            var second = setup.command(
                    server, "prices", "import", "--format", "litellm", "--from", "2026-01-01", "right.json");
            var shown = setup.command(server, "prices", "show", "xai/grok-9", "--at", "2026-06-01");
            var listed = setup.command(server, "prices", "list", "--provider", "xai");
            var dryRun = reprice(setup, server, "--dry-run");
            var repriced = reprice(setup, server, "--reason", "list price was wrong");
            var again = reprice(setup, server);
            // Then
            assertThat(dry.out()).contains("+ xai/grok-9", "standard input: none -> 1", "would be 1 created");
            assertThat(unknown.exit()).isEqualTo(1);
            assertThat(first.out()).contains("1 created");
            assertThat(second.out()).contains("~ xai/grok-9", "standard input: 1 -> 0.5", "1 changed");
            assertThat(shown.out()).contains("own:xai/grok-9@2026-01-01#", "input 0.5", "(litellm ");
            assertThat(listed.out()).contains("own:xai/grok-9@2026-01-01#", "xai/grok-4.3");
            assertThat(dryRun.out())
                    .contains("acme  xai/grok-9  3 events: 0.003 -> 0.0015 USD", "3 would be corrected");
            assertThat(repriced.out()).contains("3 corrected");
            assertThat(again.out()).contains("3 events looked at, 0 corrected");
            assertThat(setup.command(server, "verify-ledger").exit()).isZero();
            server.kill().ended();
        }
        // After a kill the corrections are there, and nothing is corrected twice.
        try (var server = setup.serve()) {
            assertThat(reprice(setup, server).out()).contains("0 corrected");
            assertThat(setup.command(server, "verify-ledger").exit()).isZero();
            var status = new Api(server.url(), setup.serviceKey(server))
                    .get("/api/v1/usage/status?subject=ada")
                    .json();
            assertThat(status.get("limits").get(0).get("used").asText()).isEqualTo("0.0015");
        }
    }

    private static Quotary.Ended reprice(PackagedServer setup, Quotary server, String... more) {
        var arguments = new String[5 + more.length];
        System.arraycopy(new String[] {"reprice", "--from", "2026-01-01", "--to", "2100-01-01"}, 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return setup.command(server, arguments);
    }

    private static String record(int number) {
        return "{\"id\":\"r" + number + "\",\"subject\":\"ada\",\"provider\":\"xai\",\"model\":\"grok-9\","
                + "\"quantities\":{\"tokens.input\":1000,\"tokens.output\":0}}";
    }
}
