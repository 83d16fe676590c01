package dev.quotary.server.command;

import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the price book of a running server, and imports public price files into it. */
@Command(
        name = "prices",
        description = "Shows the price book of a running server, and imports price files.",
        mixinStandardHelpOptions = true,
        subcommands = {PricesCommand.ListPrices.class, PricesCommand.Show.class, PricesCommand.Import.class})
public final class PricesCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new CommandFailure(
                "Say what to do: quotary prices list | show PROVIDER/MODEL | import --format litellm FILE");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String period(Fields price) {
        return price.string("from").map(from -> " from " + from).orElse("")
                + price.string("until").map(until -> " until " + until).orElse("");
    }

    /** Lists the rows, a line each. */
    @Command(name = "list", description = "Lists the price rows.", mixinStandardHelpOptions = true)
    static final class ListPrices implements Callable<Integer> {
        @Option(names = "--provider", description = "Only this provider's.")
        private @Nullable String provider;

        @Option(names = "--organization", description = "As this organization is charged.")
        private @Nullable String organization;

        @Mixin
        private ApiClient client = new ApiClient();

        @Override
        public Integer call() {
            var query = new ArrayList<String>();
            if (provider != null) {
                query.add("provider=" + encoded(provider));
            }
            if (organization != null) {
                query.add("organization=" + encoded(organization));
            }
            for (var value : client.get("/api/v1/prices?" + String.join("&", query))
                    .fields()
                    .items("prices")) {
                var price = value.fields();
                var standard = price.need("tiers")
                        .fields()
                        .need("standard")
                        .fields()
                        .need("normal")
                        .fields();
                System.out.println(price.need("row").string() + "  input "
                        + standard.string("input").orElse("-") + "  output "
                        + standard.string("output").orElse("-") + period(price) + "  ("
                        + price.need("sources").string() + ")");
            }
            return 0;
        }
    }

    /** Shows the row that a call of a model is priced by. */
    @Command(
            name = "show",
            description = "Shows what a call of a model costs, in US dollars per 1,000,000 units.",
            mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Parameters(paramLabel = "PROVIDER/MODEL", description = "Such as openai/gpt-5.5.")
        private String model = "";

        @Option(names = "--at", description = "A date or a time (default: now).")
        private @Nullable String at;

        @Option(names = "--organization", description = "As this organization is charged.")
        private @Nullable String organization;

        @Mixin
        private ApiClient client = new ApiClient();

        @Override
        public Integer call() {
            int slash = model.indexOf('/');
            if (slash < 1) {
                throw new CommandFailure("Name the provider too, such as openai/" + model + ".");
            }
            var answer = client.get("/api/v1/prices/model?provider=" + encoded(model.substring(0, slash)) + "&model="
                    + encoded(model.substring(slash + 1)) + (at == null ? "" : "&at=" + encoded(at))
                    + (organization == null ? "" : "&organization=" + encoded(organization)));
            show(answer.fields());
            return 0;
        }

        private static void show(Fields price) {
            System.out.println(price.need("row").string() + period(price) + "  ("
                    + price.need("sources").string() + ") "
                    + price.need("note").string());
            price.need("tiers")
                    .entries()
                    .forEach((tier, parts) -> parts.entries()
                            .forEach((part, prices) -> System.out.println("  " + tier
                                    + (part.equals("normal") ? "" : ", long prompt") + ": " + texts(prices))));
            price.find("long_context_over")
                    .ifPresent(over -> System.out.println("  a prompt is long over " + over.scalar() + " tokens"));
            if (!price.need("modifiers").entries().isEmpty()) {
                System.out.println("  tokens times: " + texts(price.need("modifiers")));
            }
            if (!price.need("adjustment").string().equals("1")) {
                System.out.println(
                        "  everything times " + price.need("adjustment").string());
            }
        }

        private static String texts(Value texts) {
            return texts.entries().entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue().string())
                    .collect(Collectors.joining(", "));
        }
    }

    /** Imports a price file, and shows what that changes. */
    @Command(
            name = "import",
            description = "Imports a public price file: what differs from the book becomes own prices.",
            mixinStandardHelpOptions = true)
    static final class Import implements Callable<Integer> {
        @Option(names = "--format", required = true, description = "litellm or genai-prices.")
        private String format = "";

        @Parameters(paramLabel = "FILE", description = "The price file.")
        private Path file = Path.of("");

        @Option(names = "--from", description = "From when prices hold that the file does not date (default: today).")
        private @Nullable String from;

        @Option(names = "--source", description = "What stands in the rows as their source (default: format and date).")
        private @Nullable String source;

        @Option(
                names = "--accept",
                paramLabel = "PROVIDER/MODEL",
                description = "Declare this model's prices although they are doubtful; may be given several times.")
        private List<String> accepted = new ArrayList<>();

        @Option(names = "--dry-run", description = "Only show what would change.")
        private boolean dryRun;

        @Mixin
        private ApiClient client = new ApiClient();

        @Override
        public Integer call() {
            var query = "format=" + encoded(format) + (dryRun ? "&dry_run=true" : "")
                    + (from == null ? "" : "&from=" + encoded(from))
                    + (source == null ? "" : "&source=" + encoded(source))
                    + (accepted.isEmpty() ? "" : "&accept=" + encoded(String.join(",", accepted)));
            var answer = client.post("/api/v1/prices/import?" + query, "application/json", text())
                    .fields();
            answer.items("prices").forEach(price -> show(price.fields()));
            System.out.println(
                    (dryRun ? "would be " : "") + answer.need("created").scalar() + " created, "
                            + answer.need("changed").scalar() + " changed, "
                            + answer.need("unchanged").scalar() + " unchanged, "
                            + answer.need("held_back").scalar() + " held back, "
                            + answer.need("left_out").scalar() + " left out");
            return 0;
        }

        private String text() {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new CommandFailure("The file " + file + " cannot be read: " + e.getMessage());
            }
        }

        private static void show(Fields price) {
            var effect = price.need("effect").string();
            if (effect.equals("unchanged")) {
                return;
            }
            var sign = switch (effect) {
                case "created" -> "+ ";
                case "changed" -> "~ ";
                case "held_back" -> "? ";
                default -> "- ";
            };
            System.out.println(sign + price.need("provider").string() + "/"
                    + price.need("model").string() + period(price));
            for (var value : price.items("changes")) {
                var change = value.fields();
                System.out.println("    " + change.need("what").string() + ": "
                        + change.string("before").orElse("none") + " -> "
                        + change.string("after").orElse("none"));
            }
            price.items("doubts").forEach(doubt -> System.out.println("    doubtful: " + doubt.string()));
            price.items("remarks").forEach(remark -> System.out.println("    " + remark.string()));
        }
    }
}
