package dev.quotary.server.command;

import dev.quotary.server.config.Config;
import dev.quotary.server.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where a server's configuration and data are. */
final class ServerOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (default: quotary.yaml, if it is there).")
    private @Nullable Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "Directory of the embedded store (default: ./data).")
    private @Nullable Path data;

    @Option(names = "--port", description = "Port to listen on, in place of the configured one; 0 for any free one.")
    private @Nullable Integer port;

    Config read() {
        var environment = new HashMap<>(System.getenv());
        if (port != null) {
            environment.put("QUOTARY_SERVER_PORT", port.toString());
        }
        var file = config == null ? Path.of("quotary.yaml") : config;
        var folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        return new ConfigReader(environment, folder).read(text(file), Optional.ofNullable(data));
    }

    private String text(Path file) {
        if (config == null && !Files.exists(file)) {
            return "";
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandFailure("The configuration " + file + " cannot be read: " + e.getMessage());
        }
    }
}
