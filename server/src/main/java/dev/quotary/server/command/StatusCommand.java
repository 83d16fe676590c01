package dev.quotary.server.command;

import dev.quotary.http.Fields;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows how the limits of a subject stand. */
@Command(name = "status", description = "Shows how the limits of a subject stand.", mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
    @Option(names = "--organization", description = "The organization; needed with a key of the whole server.")
    private @Nullable String organization;

    @Option(names = "--subject", required = true, description = "The subject.")
    private String subject = "";

    @Mixin
    private ApiClient client = new ApiClient();

    @Override
    public Integer call() {
        var query =
                "?subject=" + encoded(subject) + (organization == null ? "" : "&organization=" + encoded(organization));
        var status = client.get("/api/v1/usage/status" + query).fields();
        System.out.println(subject + ": " + status.string("state").orElse(""));
        for (var limit : status.items("limits")) {
            System.out.println("  " + line(limit.fields()));
        }
        return 0;
    }

    private static String line(Fields limit) {
        var unlimited = limit.find("unlimited").filter(value -> value.bool()).isPresent();
        var max = unlimited ? "unlimited" : limit.need("max").scalar();
        var reset = limit.string("resets_at").map(at -> ", resets " + at).orElse("");
        return limit.need("limit").string() + ": " + limit.need("used").scalar() + " / " + max + " per "
                + limit.need("window").string() + " (" + limit.need("state").string() + reset + ")";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
