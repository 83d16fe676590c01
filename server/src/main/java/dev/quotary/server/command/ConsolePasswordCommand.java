package dev.quotary.server.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Sets the console's password at a running server. Never taken from the command line, where others could read it. */
@Command(
        name = "console-password",
        description =
                "Sets the password that operators sign in to the console with; asks for it, or reads it from standard input.",
        mixinStandardHelpOptions = true)
public final class ConsolePasswordCommand implements Callable<Integer> {
    @Mixin
    private ApiClient client = new ApiClient();

    @Override
    public Integer call() {
        var password = password();
        client.putJson("/console/password", json -> {
            json.writeStartObject();
            json.writeStringField("password", password);
            json.writeEndObject();
        });
        System.out.println("The password is set. Sessions that used the one before have ended.");
        return 0;
    }

    @SuppressWarnings("SystemConsoleNull") // Null or not a terminal: both mean that the password comes through a pipe.
    private static String password() {
        var terminal = System.console();
        if (terminal != null && terminal.isTerminal()) {
            char[] typed = terminal.readPassword("New password (at least 12 characters): ");
            return typed == null ? "" : new String(typed);
        }
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            return Optional.ofNullable(in.readLine())
                    .orElseThrow(() -> new CommandFailure("There is no password on standard input."));
        } catch (IOException e) {
            throw new CommandFailure("Standard input cannot be read: " + e.getMessage());
        }
    }
}
