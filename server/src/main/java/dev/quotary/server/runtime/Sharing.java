package dev.quotary.server.runtime;

import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.sql.PostgresUrl;
import dev.quotary.sql.admission.PostgresLimiter.ConnectionSource;
import dev.quotary.sql.admission.PostgresNodes;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How this server shares its database with others.
 *
 * @param name of this server, the same after a restart
 * @param run names this run of it: what an earlier run left is not this one's
 * @param catalog null until the catalog is opened
 */
record Sharing(
        String name,
        String run,
        ConnectionSource connections,
        PostgresNodes nodes,
        @Nullable SharedCatalogStore catalog) {
    private static final int ANSWER_SECONDS_MAX = 10;
    private static final int RANDOM_BYTES = 8;
    private static final String RUN = "#";

    static Sharing of(PostgresUrl url, String name) {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        var run = name + RUN + HexFormat.of().formatHex(random);
        ConnectionSource connections = () -> url.connect(ANSWER_SECONDS_MAX);
        return new Sharing(name, run, connections, new PostgresNodes(connections, run), null);
    }

    /**
     * Says that this server shares the database, unless one decides over it in its own memory. Each of both says so first and looks for the
     * other afterwards, so that they never pass each other by.
     */
    void begin() {
        nodes.renew(0);
        refuse(nodes.alone(), "a server that decides about limits in its own memory");
    }

    /** To be asked by a server that decides in its own memory, when it has said so. */
    static void refuseOthers(PostgresUrl url, String name) {
        try (var nodes = of(url, name).nodes()) {
            refuse(nodes.living(), "servers that decide about limits in it");
        }
    }

    private static void refuse(List<String> others, String which) {
        if (!others.isEmpty()) {
            throw new StoreUnavailableException(
                    "the database is in use by " + which + ": " + String.join(", ", others), null);
        }
    }

    Sharing storing(SharedCatalogStore store) {
        return new Sharing(name, run, connections, nodes, store);
    }

    /** How the names of all runs of this server begin. */
    String runs() {
        return name + RUN;
    }
}
