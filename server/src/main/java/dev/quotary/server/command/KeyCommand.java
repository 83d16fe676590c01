package dev.quotary.server.command;

import dev.quotary.http.Answers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Manages API keys. */
@Command(
        name = "key",
        description = "Manages API keys.",
        mixinStandardHelpOptions = true,
        subcommands = KeyCommand.Create.class)
public final class KeyCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        throw new CommandFailure("Say what to do: quotary key create --organization acme --role service");
    }

    /** Makes a key and prints its secret, this once. */
    @Command(name = "create", description = "Makes an API key and prints it.", mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {
        @Option(names = "--organization", required = true, description = "Whose key it is.")
        private String organization = "";

        @Option(names = "--role", description = "admin, service, subject or read (default: ${DEFAULT-VALUE}).")
        private String role = "service";

        @Option(names = "--subject", description = "Whom a key of role subject acts for.")
        private @Nullable String subject;

        @Option(names = "--name", description = "What it is for.")
        private String name = "";

        @Mixin
        private ApiClient client = new ApiClient();

        @Override
        public Integer call() {
            var body = Answers.bytes(json -> {
                json.writeStartObject();
                json.writeStringField("organization", organization);
                json.writeStringField("role", role);
                if (subject != null) {
                    json.writeStringField("subject", subject);
                }
                json.writeStringField("name", name);
                json.writeEndObject();
            });
            var answer = client.post("/api/v1/keys", "application/json", new String(body, StandardCharsets.UTF_8));
            System.out.println(answer.fields().need("secret").string());
            return 0;
        }
    }
}
