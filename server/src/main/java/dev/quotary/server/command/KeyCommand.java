package dev.quotary.server.command;

import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Manages API keys. */
@Command(
        name = "key",
        description = "Manages API keys.",
        mixinStandardHelpOptions = true,
        subcommands = {KeyCommand.Create.class, KeyCommand.Keys.class, KeyCommand.Rotate.class, KeyCommand.Revoke.class
        })
public final class KeyCommand implements Callable<Integer> {
    private static final String PATH = "/api/v1/keys";

    @Override
    public Integer call() {
        throw new CommandFailure("Say what to do: quotary key create --organization acme --role service");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
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
            var answer = client.postJson(PATH, json -> {
                json.writeStartObject();
                json.writeStringField("organization", organization);
                json.writeStringField("role", role);
                if (subject != null) {
                    json.writeStringField("subject", subject);
                }
                json.writeStringField("name", name);
                json.writeEndObject();
            });
            System.out.println(answer.fields().need("secret").string());
            return 0;
        }
    }

    /** Prints every key, one a line, without secrets. */
    @Command(name = "list", description = "Shows the API keys, without their secrets.", mixinStandardHelpOptions = true)
    static final class Keys implements Callable<Integer> {
        @Option(
                names = "--organization",
                description = "Whose keys; with a key of the whole server, of all if not named.")
        private @Nullable String organization;

        @Mixin
        private ApiClient client = new ApiClient();

        @Override
        public Integer call() {
            var query = PATH + "?limit=1000" + (organization == null ? "" : "&organization=" + encoded(organization));
            Optional<String> cursor = Optional.empty();
            do {
                var page = client.get(query
                                + cursor.map(place -> "&cursor=" + encoded(place))
                                        .orElse(""))
                        .fields();
                page.items("keys").stream().map(Value::fields).map(Keys::line).forEach(System.out::println);
                cursor = page.string("next_cursor");
            } while (cursor.isPresent());
            return 0;
        }

        private static String line(Fields key) {
            List<String> words = new ArrayList<>(
                    List.of(key.need("id").string(), key.need("role").string()));
            key.string("organization").ifPresent(words::add);
            key.string("subject").ifPresent(words::add);
            key.string("name").filter(name -> !name.isBlank()).ifPresent(name -> words.add("'" + name + "'"));
            words.add(key.string("last_used_at").map(at -> "last used " + at).orElse("never used"));
            key.string("revoked_at").map(at -> "REVOKED " + at).ifPresent(words::add);
            key.string("expires_at").map(at -> "expires " + at).ifPresent(words::add);
            return String.join("  ", words);
        }
    }

    /** Gives a key a new secret and prints it, this once. */
    @Command(
            name = "rotate",
            description = "Gives an API key a new secret and prints it; the old one stays good for a while.",
            mixinStandardHelpOptions = true)
    static final class Rotate implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The key's id, key_…")
        private String id = "";

        @Option(
                names = "--overlap",
                paramLabel = "SECONDS",
                description = "How long the old secret stays good: a day if not said, 0 if it has leaked.")
        private @Nullable Integer overlap;

        @Mixin
        private ApiClient client = new ApiClient();

        @Override
        public Integer call() {
            var answer = client.postJson(PATH + "/" + encoded(id) + "/rotate", json -> {
                json.writeStartObject();
                if (overlap != null) {
                    json.writeNumberField("overlap_seconds", overlap);
                }
                json.writeEndObject();
            });
            System.out.println(answer.fields().need("secret").string());
            return 0;
        }
    }

    /** Ends a key for good. */
    @Command(
            name = "revoke",
            description = "Ends an API key for good, with all of its secrets.",
            mixinStandardHelpOptions = true)
    static final class Revoke implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The key's id, key_…")
        private String id = "";

        @Mixin
        private ApiClient client = new ApiClient();

        @Override
        public Integer call() {
            var revoked = client.delete(PATH + "/" + encoded(id)).fields();
            System.out.println(
                    id + " is revoked since " + revoked.need("revoked_at").string());
            return 0;
        }
    }
}
