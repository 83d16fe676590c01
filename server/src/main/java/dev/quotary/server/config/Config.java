package dev.quotary.server.config;

import dev.quotary.api.key.Secret;
import dev.quotary.api.provider.MasterKeys;
import dev.quotary.http.CrossOrigin;
import dev.quotary.sql.PostgresUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that can be configured, with its defaults filled in.
 *
 * @param providers by name
 * @param apply plans files that are applied at the start
 * @param masterKeys what stored keys of providers, and those that tokens are signed with, are sealed under
 */
public record Config(
        Listen listen,
        Store store,
        Map<String, ProviderConfig> providers,
        List<Path> apply,
        Metrics metrics,
        MasterKeys masterKeys,
        Retention retention) {

    /** A configuration that says nothing of metrics, secrets and retention. */
    public Config(Listen listen, Store store, Map<String, ProviderConfig> providers, List<Path> apply) {
        this(listen, store, providers, apply, Metrics.DEFAULT, MasterKeys.NONE, Retention.DEFAULT);
    }

    /**
     * How long what is only looked back at is kept.
     *
     * @param auditLog lines of the audit log; empty for ever
     */
    public record Retention(Optional<Duration> auditLog) {
        public static final Retention DEFAULT = new Retention(Optional.of(Duration.ofDays(1_095)));
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
     * @param embedding which other sites' pages may show an end user's use
     */
    public record Listen(String host, int port, String publicUrl, CrossOrigin embedding) {
        /** Nobody else's pages show anything. */
        public Listen(String host, int port, String publicUrl) {
            this(host, port, publicUrl, CrossOrigin.NONE);
        }
    }

    /** Where the server keeps what must last. */
    public sealed interface Store {
        /** Where files lie that are this server's alone: the journal of holds among them. */
        Path directory();
    }

    /**
     * Ledger and catalog in a file.
     *
     * @param database the file; everything else lies beside it
     */
    public record Sqlite(Path database) implements Store {
        @Override
        public Path directory() {
            var parent = database.toAbsolutePath().getParent();
            return parent == null ? Path.of("/") : parent;
        }
    }

    /**
     * Ledger and catalog in a PostgreSQL database.
     *
     * @param shared whether limits are decided there too, so that several servers may use it; otherwise one decides in its own memory
     */
    public record Postgres(PostgresUrl url, Path directory, boolean shared) implements Store {}
}
