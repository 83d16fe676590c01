package dev.quotary.e2e.clock;

import dev.quotary.server.config.ConfigReader;
import dev.quotary.server.runtime.QuotaryServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A main class beside the packaged server's jars: the same server, whose clock stands at what it was told last.
 *
 * <p>Each line of its standard input is a time, and the server ends with that input. So only whoever started the process can move the
 * clock, and nothing of it is reachable in the server that users run, which has no such class.
 */
public final class ClockedServer {
    private ClockedServer() {}

    /** @param arguments the time at the start; the configuration is {@code quotary.yaml} of the working directory */
    public static void main(String[] arguments) throws IOException {
        var now = new AtomicReference<>(Instant.parse(arguments[0]));
        var folder = Path.of("").toAbsolutePath();
        var config = new ConfigReader(System.getenv(), folder)
                .read(Files.readString(folder.resolve("quotary.yaml")), Optional.empty());
        try (var server = QuotaryServer.start(config, now::get, System.getenv());
                var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("quotary on " + server.url());
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                now.set(Instant.parse(line));
                System.out.println("clock at " + line);
            }
        }
    }
}
