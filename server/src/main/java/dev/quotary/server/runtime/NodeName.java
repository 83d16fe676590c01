package dev.quotary.server.runtime;

import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.sql.PostgresUrl;
import dev.quotary.sql.ServerLease;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Names this server among those that share a database: its machine, and a random part that its directory keeps. So a restart on the same
 * machine is the same server, and a copy of the directory on another machine is not.
 */
final class NodeName {
    private static final int RANDOM_BYTES = 8;

    private NodeName() {}

    /** Takes the right to decide in this process's memory over a shared database. */
    static ServerLease lease(PostgresUrl url, DataDirectory directory) {
        return ServerLease.take(url, ServerLease.MEMORY_LIMITER, of(directory), System::nanoTime);
    }

    static String of(DataDirectory directory) {
        var file = directory.resolve("node.id");
        try {
            if (!Files.exists(file)) {
                var bytes = new byte[RANDOM_BYTES];
                new SecureRandom().nextBytes(bytes);
                Files.writeString(file, HexFormat.of().formatHex(bytes));
            }
            return machine() + "/" + Files.readString(file).strip();
        } catch (IOException e) {
            throw new StoreUnavailableException("the file " + file + " cannot be read or written", e);
        }
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            // The random part tells machines apart as well, unless directories are copied.
            return "unnamed";
        }
    }
}
