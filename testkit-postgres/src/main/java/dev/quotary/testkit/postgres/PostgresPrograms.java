package dev.quotary.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs PostgreSQL's own programs. They refuse to run as root, so that root runs them as the user "nobody", who then owns the data.
 *
 * @param programs the directory that they were unpacked to
 * @param root whether this JVM runs as root
 */
record PostgresPrograms(Path programs, boolean root) {
    private static final int SECONDS_MAX = 60;
    private static final String NOBODY = "nobody";

    static PostgresPrograms unpacked() {
        return new PostgresPrograms(PostgresBinaries.directory(), "root".equals(System.getProperty("user.name")));
    }

    /** Makes an empty cluster, and returns the directory that is its home. */
    Path newCluster(String user, String password) {
        try {
            var home = owned(Files.createTempDirectory("quotary-postgres-data-"));
            var passwordFile = owned(Files.writeString(home.resolve("password"), password));
            run(List.of(
                    program("initdb"),
                    "--pgdata=" + data(home),
                    "--username=" + user,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=icu",
                    "--icu-locale=en-US",
                    "--no-sync",
                    "--no-instructions"));
            Files.delete(passwordFile);
            return home;
        } catch (IOException e) {
            throw new UncheckedIOException("making the PostgreSQL of a test", e);
        }
    }

    private Path owned(Path path) throws IOException {
        if (root) {
            var users = FileSystems.getDefault().getUserPrincipalLookupService();
            Files.setOwner(path, users.lookupPrincipalByName(NOBODY));
        }
        return path;
    }

    void start(Path home, String options) {
        // Its output goes to a file: a pipe would stay open for as long as the server runs.
        run(List.of(
                program("pg_ctl"),
                "start",
                "--pgdata=" + data(home),
                "--log=" + home.resolve("server.log"),
                "--options=" + options,
                "--timeout=" + SECONDS_MAX,
                "--wait",
                "--silent"));
    }

    void stop(Path home, String mode) {
        run(List.of(
                program("pg_ctl"),
                "stop",
                "--pgdata=" + data(home),
                "--mode=" + mode,
                "--timeout=" + SECONDS_MAX,
                "--wait",
                "--silent"));
    }

    boolean running(Path home) {
        return Files.exists(data(home).resolve("postmaster.pid"));
    }

    private static Path data(Path home) {
        return home.resolve("data");
    }

    private String program(String name) {
        return programs.resolve("bin").resolve(name).toString();
    }

    private void run(List<String> command) {
        var whole = new ArrayList<>(root ? List.of("setpriv", "--reuid=" + NOBODY, "--clear-groups") : List.of());
        whole.addAll(command);
        try {
            var output = Files.createTempFile("quotary-postgres-output-", ".txt");
            // The directory is one that "nobody" may enter as well.
            var process = new ProcessBuilder(whole)
                    .directory(programs.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(SECONDS_MAX + 10L, TimeUnit.SECONDS);
            var said = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            if (!ended || process.exitValue() != 0) {
                throw new AssertionError("running " + command + (ended ? "" : " took too long") + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("running " + whole.getFirst() + " for the PostgreSQL of a test", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while running " + command, e);
        }
    }
}
