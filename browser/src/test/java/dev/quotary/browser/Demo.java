package dev.quotary.browser;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The packaged demo, on a free port, with ninety days of use. */
final class Demo implements AutoCloseable {
    static final String PASSWORD = "quotary-demo";

    private final Process process;
    private final String url;
    private final String readersKey;
    private final String adminKey;

    private Demo(Process process, Map<String, String> printed) {
        this.process = process;
        this.url = Objects.requireNonNull(printed.get("url"), () -> "no address in " + printed);
        this.readersKey = Objects.requireNonNull(printed.get("reader"), () -> "no key in " + printed);
        this.adminKey = Objects.requireNonNull(printed.get("admin"), () -> "no admin key in " + printed);
    }

    static Demo start() {
        try {
            var command = root().resolve("quotary").toString();
            var builder =
                    new ProcessBuilder(command, "demo", "--port", "0").redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("QUOTARY_NO_BUILD", "1");
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            var process = builder.start();
            return new Demo(process, printed(process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> printed(Process process) throws IOException {
        var found = new HashMap<String, String>();
        // The process lives on, and with it the pipe: closing it would end the process at its next line.
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = out.readLine(); line != null; line = out.readLine()) {
            if (line.contains("Quotary demo on ")) {
                found.put("url", line.replaceAll(".*Quotary demo on (\\S+),.*", "$1"));
            }
            if (line.contains("/api/v1/usage/status")) {
                found.put("reader", line.replaceAll(".*Bearer (\\S+)'.*", "$1"));
            }
            if (line.contains("An admin key: ")) {
                found.put("admin", line.replaceAll(".*An admin key: (\\S+).*", "$1"));
                return found;
            }
        }
        return found;
    }

    /** The checkout that this module lies in. */
    static Path root() {
        for (var folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("quotary"))) {
                return folder;
            }
        }
        throw new AssertionError("no script 'quotary' in any folder above this one");
    }

    String url() {
        return url;
    }

    /** Of the user ada, who may call ten times a minute. */
    String readersKey() {
        return readersKey;
    }

    String adminKey() {
        return adminKey;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
