package dev.quotary.e2e.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code quotary verify-ledger} as an operator runs it: events with rollups and window sums, and with the counters of the server that
 * runs on the same data.
 */
final class LedgerCheck {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CLEAN = 0;
    private static final int DIFFERENT = 1;
    private static final int TOLD_MAX = 3;

    private final ServerProcess.Place place;
    private final Faults faults;
    private long checks;

    LedgerCheck(ServerProcess.Place place, Faults faults) {
        this.place = place;
        this.faults = faults;
    }

    /** How often everything was compared. */
    long checks() {
        return checks;
    }

    /** Compares everything; what differs is a fault. */
    void run(String when) throws IOException, InterruptedException {
        // A file, because reading a pipe would wait for ever for one that does not end.
        var said = place.directory().resolve("verify-ledger.log");
        var process = new ProcessBuilder(command()).redirectErrorStream(true).redirectOutput(said.toFile());
        place.giveTo(process);
        var started = process.start();
        boolean ended = started.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        var told = Files.readString(said, StandardCharsets.UTF_8);
        if (!ended) {
            started.destroyForcibly();
            throw new IOException("verify-ledger did not end within " + PATIENCE + ": " + told);
        }
        checks++;
        switch (started.exitValue()) {
            case CLEAN -> {
                if (!told.contains("counters of the running server")) {
                    faults.add(Faults.Kind.DRIFT, when + ": the counters were not compared: " + told);
                }
            }
            case DIFFERENT ->
                told.lines().limit(TOLD_MAX).forEach(line -> faults.add(Faults.Kind.DRIFT, when + ": " + line));
            default -> throw new IOException("verify-ledger could not tell: " + told);
        }
    }

    /** The server has found no drift by itself. */
    void reconciled() throws IOException {
        try (var admin = new Api(place.base(), place.adminKey())) {
            var metrics = admin.get("/metrics");
            if (!metrics.ok() || !metrics.body().contains("quotary_reconciler_lag_seconds")) {
                faults.add(Faults.Kind.UNEXPECTED, "the metrics: " + metrics.status());
            }
            metrics.body()
                    .lines()
                    .filter(line -> line.startsWith("quotary_drift_found_total"))
                    .forEach(line -> faults.add(Faults.Kind.DRIFT, line));
        }
    }

    private List<String> command() {
        return List.of(
                place.launcher().toString(),
                "verify-ledger",
                "--config",
                place.directory().resolve("quotary.yaml").toString(),
                "--data",
                place.directory().resolve("data").toString(),
                "--url",
                place.base());
    }
}
