package dev.quotary.server.config;

import dev.quotary.api.key.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that can be configured, with its defaults filled in.
 *
 * @param providers by name
 * @param apply plans files that are applied at the start
 */
public record Config(
        Listen listen, Store store, Map<String, ProviderConfig> providers, List<Path> apply, Metrics metrics) {

    /** A configuration that says nothing of metrics. */
    public Config(Listen listen, Store store, Map<String, ProviderConfig> providers, List<Path> apply) {
        this(listen, store, providers, apply, Metrics.DEFAULT);
    }

    /**
     * Who may see {@code /metrics}.
     *
     * @param key of a scraper, good for nothing else
     */
    public record Metrics(Access access, Optional<Secret> key) {
        public static final Metrics DEFAULT = new Metrics(Access.KEY, Optional.empty());

        /** Whom the metrics are shown to. */
        public enum Access {
            /** Who shows the scraper's key, or an admin key of the whole server. */
            KEY,
            /** Everybody who reaches the address. */
            OPEN,
            /** Nobody. */
            OFF
        }
    }

    /**
     * Where the server listens.
     *
     * @param port 0 for any free one
     * @param publicUrl how clients reach it
     */
    public record Listen(String host, int port, String publicUrl) {}

    /**
     * Where the server keeps what must last.
     *
     * @param database the SQLite file of ledger and catalog
     */
    public record Store(Path database) {
        /** The directory that everything lies in. */
        public Path directory() {
            var parent = database.toAbsolutePath().getParent();
            return parent == null ? Path.of("/") : parent;
        }
    }
}
