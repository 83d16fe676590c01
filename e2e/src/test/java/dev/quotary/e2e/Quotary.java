package dev.quotary.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A process of the packaged command {@code ./quotary}, started as users start it; it builds nothing. */
final class Quotary implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** SIGTERM as an exit code of a shell. */
    static final int TERMINATED = 143;

    private final Process process;
    private final Output out;
    private final Output err;

    private Quotary(Process process) {
        this.process = process;
        this.out = Output.of(process.getInputStream());
        this.err = Output.of(process.getErrorStream());
    }

    /** How a command ended. */
    record Ended(int exit, String out, String err) {}

    /** The checkout that this module lies in. */
    static Path root() {
        for (var folder = Optional.of(Path.of("").toAbsolutePath());
                folder.isPresent();
                folder = folder.map(Path::getParent)) {
            if (Files.isRegularFile(folder.get().resolve("quotary"))) {
                return folder.get();
            }
        }
        throw new AssertionError("no script 'quotary' in any folder above this one");
    }

    /** What this JVM was given, less what would change the command, with this JVM's own JDK. */
    static Map<String, String> environment() {
        var environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(name -> name.startsWith("QUOTARY_") || name.endsWith("_API_KEY"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("QUOTARY_NO_BUILD", "1");
        return environment;
    }

    static Quotary start(Path folder, Map<String, String> environment, String... arguments) {
        return start(folder, environment, root().resolve("quotary"), List.of(arguments));
    }

    static Quotary start(Path folder, Map<String, String> environment, Path command, List<String> arguments) {
        var line = new ArrayList<String>();
        line.add(command.toString());
        line.addAll(arguments);
        var builder = new ProcessBuilder(line).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new Quotary(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command to its end. */
    static Ended run(Path folder, Map<String, String> environment, String... arguments) {
        try (var command = start(folder, environment, arguments)) {
            return command.ended();
        }
    }

    /** Writes all that there is on its standard input. */
    Quotary told(String text) {
        try (var in = process.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a line on its standard input, which stays open. */
    void tell(String line) {
        try {
            var in = process.getOutputStream();
            in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the end. */
    Ended ended() {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still running; it said: " + out.text() + err.text());
            }
            out.join();
            err.join();
            return new Ended(process.exitValue(), out.text(), err.text());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What follows this beginning on the first line of standard output that has it; waits for that line. */
    String line(String beginning) {
        return out.line(beginning, err);
    }

    /** Where the server says that it listens. */
    String url() {
        return line("quotary on ");
    }

    int port() {
        var url = url();
        return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }

    String out() {
        return out.text();
    }

    String err() {
        return err.text();
    }

    long id() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Asks it to stop, as a service manager does. */
    Quotary terminate() {
        process.destroy();
        return this;
    }

    /** Ends it without asking: SIGKILL. */
    Quotary kill() {
        process.destroyForcibly();
        return this;
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill().ended();
        }
    }

    /** The lines of one stream, as they come. */
    private static final class Output {
        private final List<String> lines = new ArrayList<>();
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition more = lock.newCondition();
        private final Thread reader;
        private boolean over;

        private Output(InputStream in) {
            this.reader = Thread.ofVirtual().unstarted(() -> read(in));
        }

        static Output of(InputStream in) {
            var output = new Output(in);
            output.reader.start();
            return output;
        }

        private void read(InputStream in) {
            try (var text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (var line = text.readLine(); line != null; line = text.readLine()) {
                    add(Optional.of(line));
                }
            } catch (IOException _) {
                // The process was killed.
            }
            add(Optional.empty());
        }

        private void add(Optional<String> line) {
            lock.lock();
            try {
                line.ifPresentOrElse(lines::add, () -> over = true);
                more.signalAll();
            } finally {
                lock.unlock();
            }
        }

        String line(String beginning, Output beside) {
            long left = PATIENCE.toNanos();
            lock.lock();
            try {
                while (true) {
                    var found = lines.stream()
                            .filter(line -> line.startsWith(beginning))
                            .findFirst();
                    if (found.isPresent()) {
                        return found.get().substring(beginning.length());
                    }
                    if (over || left <= 0) {
                        throw new AssertionError("no line '" + beginning + "…' in: " + lines + beside.text());
                    }
                    left = more.awaitNanos(left);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                lock.unlock();
            }
        }

        String text() {
            lock.lock();
            try {
                return String.join("\n", lines);
            } finally {
                lock.unlock();
            }
        }

        void join() throws InterruptedException {
            reader.join(PATIENCE);
        }
    }
}
