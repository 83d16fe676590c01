package dev.quotary.e2e.crash;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged server as a process of its own, always on the same port and data; stopped by SIGTERM, or killed. */
final class ServerProcess implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final Duration STOP_MAX = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 5;
    private static final byte[] ASK =
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Process process;
    private final int port;
    private final Path log;

    private ServerProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /**
     * Where a server runs.
     *
     * @param launcher the script {@code quotary} of a checkout or a release that is built
     * @param directory holds {@code quotary.yaml}, the data and the log
     * @param environment beside what is always there
     */
    record Place(Path launcher, Path directory, int port, String adminKey, Map<String, String> environment) {
        Place {
            environment = Map.copyOf(environment);
        }

        String base() {
            return "http://127.0.0.1:" + port;
        }

        /** What every command is given. */
        void giveTo(ProcessBuilder command) {
            command.environment().put("QUOTARY_ADMIN_KEY", adminKey);
            command.environment().put("QUOTARY_NO_BUILD", "1");
            command.environment().putAll(environment);
        }
    }

    /** Starts it and returns at once; {@link #awaitReady} waits. */
    static ServerProcess start(Place place) throws IOException {
        var log = place.directory().resolve("server.log");
        var builder = new ProcessBuilder(
                        place.launcher().toString(),
                        "serve",
                        "--config",
                        place.directory().resolve("quotary.yaml").toString(),
                        "--data",
                        place.directory().resolve("data").toString(),
                        "--port",
                        Integer.toString(place.port()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        place.giveTo(builder);
        return new ServerProcess(builder.start(), place.port(), log);
    }

    /** A port that nobody listens on. */
    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Returns when {@code /healthz} answers 200.
     *
     * @throws IOException with the end of the log, if the server ended or took too long
     */
    void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_MAX.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("the server did not start:\n" + logEnd());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(ASK);
            var head = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
            return new String(head, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException _) {
            return false;
        }
    }

    long pid() {
        return process.pid();
    }

    /** {@code kill -9}, and waits until it is gone. */
    void kill() throws InterruptedException {
        // The launcher replaces itself by the server, so the process is the server itself.
        process.destroyForcibly();
        process.waitFor();
    }

    /** Takes its processor away, as a machine that swaps or a debugger does; its connections stay. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("no signal " + name + " could be sent to the server");
        }
    }

    /** Stops it as an operator does. */
    void stop() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            throw new IOException("the server did not stop within " + STOP_MAX + ":\n" + logEnd());
        }
    }

    private String logEnd() throws IOException {
        var lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
