package dev.quotary.server.command;

import dev.quotary.http.Documents;
import dev.quotary.http.Fields;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Replays what was recorded against another plans file, and shows whom it would have stopped, when, and what it would have cost. */
@Command(
        name = "simulate",
        description =
                "Replays recorded use against another plans file: who would have been stopped or warned, when, at what cost.",
        mixinStandardHelpOptions = true)
public final class SimulateCommand implements Callable<Integer> {
    @Option(names = "--plan", required = true, paramLabel = "FILE", description = "The plans file to try.")
    private Path plan = Path.of("");

    @Option(names = "--organization", required = true, description = "Whose use is replayed.")
    private String organization = "";

    @Option(names = "--from", required = true, description = "First day or instant, such as 2026-11-01.")
    private String from = "";

    @Option(names = "--to", required = true, description = "First day or instant after.")
    private String to = "";

    @Option(names = "--subjects", description = "How many of those it would have met (default: ${DEFAULT-VALUE}).")
    private int subjects = 20;

    @Mixin
    private ApiClient client = new ApiClient();

    @Override
    public Integer call() {
        var plans = plans();
        var answer = client.postJson("/api/v1/admin/simulate", json -> {
                    json.writeStartObject();
                    json.writeStringField("organization", organization);
                    json.writeStringField("from", from);
                    json.writeStringField("to", to);
                    json.writeNumberField("subjects", subjects);
                    json.writeFieldName("plans");
                    json.writeRawValue(plans.json());
                    json.writeEndObject();
                })
                .fields();
        show(answer);
        return 0;
    }

    private Value plans() {
        try {
            return Documents.yaml(Files.readString(plan));
        } catch (InvalidInputException e) {
            throw new InvalidInputException(e.pointer(), 0, plan + ": " + e.located());
        } catch (IOException e) {
            throw new CommandFailure("The plans file " + plan + " cannot be read: " + e.getMessage());
        }
    }

    private static void show(Fields answer) {
        var total = answer.need("total").fields();
        System.out.println(number(total, "calls") + " calls: " + number(total, "refused") + " refused, "
                + number(total, "would_wait") + " would wait, " + number(total, "throttled") + " slowed down, "
                + number(total, "warned") + " warned, " + number(total, "rejected") + " rejected for other reasons");
        System.out.println("cost " + text(total, "cost_real") + " USD; by this plan " + text(total, "cost")
                + " USD, of calls that would have passed " + text(total, "cost_admitted") + " USD");
        for (var subject : answer.items("subjects")) {
            subject(subject.fields());
        }
        System.out.println(number(answer, "subjects_affected")
                + " subjects would have met a limit; use is counted from " + text(answer, "counted_from") + " on");
    }

    private static void subject(Fields subject) {
        var name = subject.string("subject").orElse("(organization)");
        System.out.println(name + ": " + number(subject, "refused") + " of " + number(subject, "calls")
                + " refused, cost " + text(subject, "cost_admitted") + " USD");
        for (var each : subject.items("limits")) {
            var limit = each.fields();
            System.out.println("  " + text(limit, "limit") + ": "
                    + limit.string("first_warned_at")
                            .map(at -> "warned from " + at + " on ")
                            .orElse("")
                    + limit.string("first_refused_at")
                            .map(at -> "refused " + number(limit, "refused") + " times, first at " + at)
                            .orElse(""));
        }
    }

    private static String number(Fields fields, String name) {
        return fields.need(name).scalar();
    }

    private static String text(Fields fields, String name) {
        return fields.need(name).string();
    }
}
