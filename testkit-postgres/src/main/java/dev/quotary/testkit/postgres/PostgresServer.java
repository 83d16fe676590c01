package dev.quotary.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of its own for tests, on a free port of this machine, with a user that has a password.
 *
 * <p>{@link #shared} is started once per test JVM; a test takes a {@link #newDatabase} of it. A test that stops the server starts one
 * for itself. Its texts are ordered by a language, not by bytes, because production databases often are. Nothing is synced to the disk
 * unless asked for: a killed server loses nothing of what the operating system has, only a loss of power would.
 */
public final class PostgresServer implements AutoCloseable {
    /** Who owns all databases. */
    public static final String USER = "quotary";
    /** Needs escaping in a URL, so that nobody forgets to. */
    public static final String PASSWORD = "s3cret/@:%";

    private static final String PASSWORD_IN_URL = "s3cret%2F%40%3A%25";
    private static final Map<String, String> SETTINGS = Map.of(
            "listen_addresses", "127.0.0.1",
            "unix_socket_directories", "",
            "max_connections", "200",
            "shared_buffers", "64MB",
            "fsync", "off",
            "deadlock_timeout", "200ms",
            "log_line_prefix", "%m ",
            "timezone", "Pacific/Apia");

    private static @Nullable PostgresServer shared;

    private final PostgresPrograms programs;
    private final Path home;
    private final int port;
    private final Map<String, String> settings;
    private final AtomicInteger databases = new AtomicInteger();
    private final Thread atExit = new Thread(this::closeQuietly, "postgres-at-exit");

    private PostgresServer(PostgresPrograms programs, Path home, Map<String, String> settings) {
        this.programs = programs;
        this.home = home;
        this.port = freePort();
        this.settings = new TreeMap<>(SETTINGS);
        this.settings.putAll(settings);
    }

    /** The server that all tests of this JVM share; it ends with the JVM. Do not stop it. */
    public static synchronized PostgresServer shared() {
        var running = shared;
        if (running == null) {
            running = start(Map.of());
            shared = running;
        }
        return running;
    }

    /**
     * Starts a server of one's own.
     *
     * @param settings as in {@code postgresql.conf}, in place of the usual ones
     */
    public static PostgresServer start(Map<String, String> settings) {
        var programs = PostgresPrograms.unpacked();
        var server = new PostgresServer(programs, programs.newCluster(USER, PASSWORD), settings);
        Runtime.getRuntime().addShutdownHook(server.atExit);
        server.start();
        return server;
    }

    /** Starts it again after a stop, on the same port over the same data; returns when it takes connections. */
    public void start() {
        var options = new ArrayList<>(List.of("-p", String.valueOf(port)));
        settings.forEach((name, value) -> Collections.addAll(options, "-c", name + "='" + value + "'"));
        programs.start(home, String.join(" ", options));
    }

    /**
     * Stops it at once, as if it had been killed: connections break, transactions are left where they are, and the next start recovers.
     */
    public void stopImmediately() {
        programs.stop(home, "immediate");
    }

    /** Stops it in good order: sessions are ended, transactions rolled back. */
    public void stop() {
        programs.stop(home, "fast");
    }

    /** Where its files are. */
    Path directory() {
        return home;
    }

    public int port() {
        return port;
    }

    /**
     * Makes an empty database.
     *
     * @return its {@code store.url}, such as {@code postgresql://user:password@127.0.0.1:5432/test_1}
     */
    public String newDatabase() {
        var name = "test_" + databases.incrementAndGet();
        execute(url("postgres"), "CREATE DATABASE " + name);
        return url(name);
    }

    private String url(String database) {
        return "postgresql://" + USER + ":" + PASSWORD_IN_URL + "@127.0.0.1:" + port + "/" + database;
    }

    /** A connection beside the code under test. */
    public Connection connect(String url) {
        try {
            return DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + port + url.substring(url.lastIndexOf('/')), USER, PASSWORD);
        } catch (SQLException e) {
            throw new AssertionError("connecting to the PostgreSQL of a test", e);
        }
    }

    /** Runs a statement beside the code under test. */
    public void execute(String url, String sql) {
        try (var connection = connect(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** The one number that a query answers; 0 for null. */
    public long number(String url, String sql) {
        try (var connection = connect(url);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            if (!row.next()) {
                throw new AssertionError("no row: " + sql);
            }
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("looking for a free port", e);
        }
    }

    /** Stops it and deletes its data. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        closeQuietly();
    }

    private void closeQuietly() {
        try {
            if (programs.running(home)) {
                stopImmediately();
            }
            PostgresBinaries.delete(home);
        } catch (IOException e) {
            throw new UncheckedIOException("deleting the PostgreSQL of a test", e);
        }
    }
}
