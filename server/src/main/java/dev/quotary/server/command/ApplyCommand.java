package dev.quotary.server.command;

import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Declares what files say on a running server, and shows what that changes. */
@Command(
        name = "apply",
        description = "Declares organizations, plans, meters, limits and prices on a running server.",
        mixinStandardHelpOptions = true)
public final class ApplyCommand implements Callable<Integer> {
    @Option(names = "-f", required = true, paramLabel = "FILE", description = "Plans file; may be given several times.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--dry-run", description = "Only show what would change.")
    private boolean dryRun;

    @Option(
            names = "--prune",
            description = "Also delete what an earlier file made and this one does not mention; with one file only.")
    private boolean prune;

    @Mixin
    private ApiClient client = new ApiClient();

    @Override
    public Integer call() {
        if (prune && files.size() > 1) {
            throw new CommandFailure("--prune takes one file: each file would delete what the others declare.");
        }
        for (var file : files) {
            System.out.println(file + (dryRun ? " (dry run)" : ""));
            var answer =
                    client.post("/api/v1/apply?dry_run=" + dryRun + "&prune=" + prune, "application/yaml", text(file));
            show(answer);
        }
        return 0;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandFailure("The file " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static void show(Value answer) {
        var fields = answer.fields();
        int unchanged = 0;
        for (var change : fields.items("changes")) {
            var members = change.fields();
            var state = members.string("change").orElse("");
            if (state.equals("unchanged")) {
                unchanged++;
                continue;
            }
            var sign = switch (state) {
                case "created" -> "+";
                case "deleted" -> "-";
                default -> "~";
            };
            System.out.println("  " + sign + " " + members.string("kind").orElse("") + " "
                    + members.string("organization")
                            .filter(text -> !text.isEmpty())
                            .map(text -> text + "/")
                            .orElse("")
                    + members.string("key").orElse(""));
        }
        System.out.println("  = " + unchanged + " unchanged");
        fields.items("warnings").forEach(warning -> System.out.println("  warning: " + warning(warning.fields())));
    }

    private static String warning(Fields warning) {
        var line = warning.find("line")
                .map(Value::scalar)
                .filter(number -> !number.equals("0"))
                .map(number -> "line " + number)
                .orElse("");
        var place = Stream.of(line, warning.string("pointer").orElse(""))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        var message = warning.need("message").string();
        return place.isEmpty() ? message : place + ": " + message;
    }
}
