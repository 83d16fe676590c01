package dev.quotary.bench;

import dev.quotary.testkit.postgres.PostgresServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * What `bench/run ingest` sends, and what it is compared with.
 *
 * <p>{@code http PORT KEY CONNECTIONS EVENTS BATCH ordered|random}: sends events and waits for every answer. {@code bare sqlite|URL DIRECTORY
 * EVENTS BATCH}: the same rows by JDBC alone. {@code fsync DIRECTORY BYTES EVENTS BATCH}: the same bytes to a file, synced after every batch.
 * {@code count FILE}: how many events a SQLite database has.
 * {@code postgres}: a PostgreSQL that syncs every commit, until it is ended. Each prints a line of words.
 */
public final class IngestLoad {
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int NO_CONTENT = 204;

    private IngestLoad() {}

    public static void main(String[] arguments)
            throws IOException, SQLException, InterruptedException, ExecutionException {
        switch (arguments[0]) {
            case "http" ->
                http(
                        new Target(Integer.parseInt(arguments[1]), arguments[2], arguments[6].equals("ordered")),
                        Integer.parseInt(arguments[3]),
                        Long.parseLong(arguments[4]),
                        Integer.parseInt(arguments[5]));
            case "bare" ->
                BareWriter.run(
                        arguments[1],
                        Path.of(arguments[2]),
                        Long.parseLong(arguments[3]),
                        Integer.parseInt(arguments[4]));
            case "fsync" ->
                fsync(
                        Path.of(arguments[1]),
                        Integer.parseInt(arguments[2]),
                        Long.parseLong(arguments[3]),
                        Integer.parseInt(arguments[4]));
            case "count" -> count(arguments[1]);
            case "postgres" -> postgres();
            default ->
                throw new IllegalArgumentException(
                        "expected http, bare, fsync, count or postgres, was " + arguments[0]);
        }
    }

    private record Target(int port, String key, boolean ordered) {}

    private static void http(Target target, int connections, long events, int batch)
            throws InterruptedException, ExecutionException {
        var left = new AtomicLong(events / batch);
        var latencies = new long[connections][];
        long begun = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(connections)) {
            var running = IntStream.range(0, connections)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> {
                        latencies[i] = send(target, i, left, batch);
                        return true;
                    }))
                    .toList();
            for (var each : running) {
                each.get();
            }
        }
        double seconds = (System.nanoTime() - begun) / NANOS_PER_SECOND;
        var sorted =
                Arrays.stream(latencies).flatMapToLong(Arrays::stream).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "run per_second=%.0f seconds=%.2f p50_ms=%.2f p99_ms=%.2f%n",
                sorted.length * (double) batch / seconds,
                seconds,
                sorted[sorted.length / 2] / (double) NANOS_PER_MILLI,
                sorted[(int) (sorted.length * 0.99)] / (double) NANOS_PER_MILLI);
    }

    private static long[] send(Target target, int connection, AtomicLong left, int batch) throws IOException {
        var bodies = new EventBodies(target.key(), batch, target.ordered(), connection);
        var latencies = new ArrayList<Long>();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), target.port())) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            while (left.getAndDecrement() > 0) {
                var request = bodies.next();
                long begun = System.nanoTime();
                socket.getOutputStream().write(request);
                int status = answer(in);
                latencies.add(System.nanoTime() - begun);
                if (status != NO_CONTENT) {
                    throw new IOException("answered with " + status + ": "
                            + new String(in.readNBytes(in.available()), StandardCharsets.UTF_8));
                }
            }
        }
        return latencies.stream().mapToLong(Long::longValue).toArray();
    }

    /** The status of an answer without a body. */
    private static int answer(InputStream in) throws IOException {
        int status = 0;
        for (var line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.startsWith("HTTP/1.1 ")) {
                status = Integer.parseInt(line, 9, 12, 10);
            }
        }
        return status;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the server has gone");
            }
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    private static void fsync(Path directory, int bytesEach, long events, int batch) throws IOException {
        var file = directory.resolve("bytes");
        var bytes = ByteBuffer.allocateDirect(bytesEach * batch);
        long begun = System.nanoTime();
        try (var out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (long written = 0; written < events; written += batch) {
                bytes.rewind();
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(false);
            }
        }
        double seconds = (System.nanoTime() - begun) / NANOS_PER_SECOND;
        Files.delete(file);
        System.out.printf(Locale.ROOT, "run per_second=%.0f%n", events / seconds);
    }

    private static void count(String file) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM usage_event")) {
            System.out.println(row.getLong(1));
        }
    }

    private static void postgres() throws InterruptedException {
        try (var server = PostgresServer.start(Map.of("fsync", "on", "shared_buffers", "256MB"))) {
            System.out.println("url " + server.newDatabase() + " " + server.newDatabase());
            // Until whoever started this ends it.
            new CountDownLatch(1).await();
        }
    }
}
