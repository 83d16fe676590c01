package dev.quotary.server.command;

import dev.quotary.http.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Manages the server's keys at its providers. */
@Command(
        name = "provider-key",
        description = "Manages the server's keys at its providers.",
        mixinStandardHelpOptions = true,
        subcommands = {ProviderKeyCommand.Replace.class, ProviderKeyCommand.Shown.class, ProviderKeyCommand.Remove.class
        })
public final class ProviderKeyCommand implements Callable<Integer> {
    /** More lines than a server takes: the rest is not read. */
    private static final int KEYS_READ_MAX = 100;

    @Override
    public Integer call() {
        throw new CommandFailure(
                "Say what to do: quotary provider-key set openai < key.txt, list openai, or remove openai");
    }

    /** The keys of one provider, at a running server. */
    static final class Keys {
        @Parameters(paramLabel = "PROVIDER", description = "Its name in the configuration.")
        private String provider = "";

        @Mixin
        private ApiClient client = new ApiClient();

        private String path() {
            if (!provider.matches("[a-z0-9][a-z0-9_-]{0,63}")) {
                throw new CommandFailure("'" + provider + "' is no name of a provider.");
            }
            return "/api/v1/providers/" + provider + "/keys";
        }

        int show() {
            return print(client.get(path()));
        }

        int replace(List<String> keys) {
            return print(client.putJson(path(), json -> {
                json.writeStartObject();
                json.writeArrayFieldStart("keys");
                for (var key : keys) {
                    json.writeString(key);
                }
                json.writeEndArray();
                json.writeEndObject();
            }));
        }

        private static int print(Value answer) {
            for (var key : answer.fields().items("keys")) {
                var fields = key.fields();
                System.out.println(fields.need("prefix").string() + "...  "
                        + fields.need("fingerprint").string() + "  "
                        + fields.need("created_at").string());
            }
            return 0;
        }
    }

    /** Replaces the keys of a provider by those on standard input: never on the command line, where others could read them. */
    @Command(
            name = "set",
            description = "Replaces the keys of a provider by those on standard input, one a line.",
            mixinStandardHelpOptions = true)
    static final class Replace implements Callable<Integer> {
        @Mixin
        private Keys stored = new Keys();

        @Override
        public Integer call() {
            var keys = keys();
            if (keys.isEmpty()) {
                throw new CommandFailure("There is no key on standard input; 'provider-key remove' removes keys.");
            }
            return stored.replace(keys);
        }

        private static List<String> keys() {
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            try {
                var keys = new ArrayList<String>();
                for (var line = in.readLine(); line != null && keys.size() < KEYS_READ_MAX; line = in.readLine()) {
                    if (!line.isBlank()) {
                        keys.add(line.strip());
                    }
                }
                return keys;
            } catch (IOException e) {
                throw new CommandFailure("Standard input cannot be read: " + e.getMessage());
            }
        }
    }

    /** Shows what is stored. */
    @Command(
            name = "list",
            description = "Shows the stored keys of a provider by their beginnings and fingerprints.",
            mixinStandardHelpOptions = true)
    static final class Shown implements Callable<Integer> {
        @Mixin
        private Keys stored = new Keys();

        @Override
        public Integer call() {
            return stored.show();
        }
    }

    /** Goes by the configuration again. */
    @Command(
            name = "remove",
            description = "Removes all stored keys of a provider; those of the configuration are used again.",
            mixinStandardHelpOptions = true)
    static final class Remove implements Callable<Integer> {
        @Mixin
        private Keys stored = new Keys();

        @Override
        public Integer call() {
            return stored.replace(List.of());
        }
    }
}
