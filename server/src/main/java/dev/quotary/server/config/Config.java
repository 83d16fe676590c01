package dev.quotary.server.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything that can be configured, with its defaults filled in.
 *
 * @param providers by name
 * @param apply plans files that are applied at the start
 */
public record Config(Listen listen, Store store, Map<String, ProviderConfig> providers, List<Path> apply) {

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
