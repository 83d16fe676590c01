package dev.quotary.server.command;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes recorded events of a running server to a file, and goes on where it was broken off. */
@Command(
        name = "export",
        description = "Writes recorded events to a file: CSV, JSON lines, or FOCUS 1.2.",
        mixinStandardHelpOptions = true)
public final class ExportCommand implements Callable<Integer> {
    private static final int ATTEMPTS_MAX = 5;
    private static final long BYTES_PER_LINE_OF_PROGRESS = 8L << 20;
    private static final double MEBIBYTE = 1 << 20;

    @Option(names = "--from", required = true, description = "First day or instant, such as 2026-11-01.")
    private String from = "";

    @Option(names = "--to", required = true, description = "First day or instant after.")
    private String to = "";

    @Option(names = "--format", description = "csv, jsonl or focus (default: ${DEFAULT-VALUE}).")
    private ExportFile.Kind format = ExportFile.Kind.CSV;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to write.")
    private Path out = Path.of("");

    @Option(names = "--resume", description = "Go on with the file, behind its last whole line.")
    private boolean resume;

    @Option(names = "--organization", description = "Whose events; needed with a key of the whole server.")
    private @Nullable String organization;

    @Option(names = "--subject", description = "Only this subject's.")
    private @Nullable String subject;

    @Option(names = "--provider", description = "Only this provider's.")
    private @Nullable String provider;

    @Option(names = "--model", description = "Only this model's, or of models that begin with what stands before a *.")
    private @Nullable String model;

    @Option(names = "--issuer", description = "Who sends the invoice, in a FOCUS file.")
    private @Nullable String issuer;

    @Mixin
    private ApiClient client = new ApiClient();

    private final PrintStream told = System.err;
    private long toldBytes;

    @Override
    public Integer call() throws IOException {
        try (var file = ExportFile.open(out, format, resume)) {
            for (int attempt = 1; !written(file); attempt++) {
                if (attempt == ATTEMPTS_MAX) {
                    throw new CommandFailure("The export broke off " + ATTEMPTS_MAX + " times; " + file.events()
                            + " lines are in " + out + ". Go on with --resume.");
                }
                told.println("broken off; going on");
                file.rewind();
            }
            told.println(file.events() + " lines, " + file.bytes() + " bytes in " + out);
        }
        return 0;
    }

    /** Whether the file is whole now. */
    private boolean written(ExportFile file) throws IOException {
        try (var answer = client.download(path(file))) {
            file.write(answer, this::progress);
            return true;
        } catch (IOException e) {
            told.println(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void progress(ExportFile file) {
        if (file.bytes() - toldBytes >= BYTES_PER_LINE_OF_PROGRESS) {
            toldBytes = file.bytes();
            told.printf(
                    Locale.ROOT,
                    "%d lines, %.0f MiB, at %s%n",
                    file.events(),
                    file.bytes() / MEBIBYTE,
                    file.place().orElse(from));
        }
    }

    private String path(ExportFile file) {
        boolean focus = format == ExportFile.Kind.FOCUS;
        var begin = focus ? file.place().orElse(from) : from;
        var path = new StringBuilder("/api/v1/usage/export?format=")
                .append(format.name().toLowerCase(Locale.ROOT));
        add(path, "from", begin);
        add(path, "to", to);
        add(path, "after", focus ? null : file.place().orElse(null));
        add(path, "organization", organization);
        add(path, "subject", subject);
        add(path, "provider", provider);
        add(path, "model", model);
        add(path, "issuer", issuer);
        return path.toString();
    }

    private static void add(StringBuilder path, String name, @Nullable String value) {
        if (value != null) {
            path.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
