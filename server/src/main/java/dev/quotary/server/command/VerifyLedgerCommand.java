package dev.quotary.server.command;

import dev.quotary.call.OrganizationKey;
import dev.quotary.http.Fields;
import dev.quotary.http.InvalidInputException;
import dev.quotary.ledger.Difference;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.server.runtime.LedgerFile;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares events, rollups, window sums and counters, and tells every difference. */
@Command(
        name = "verify-ledger",
        description = "Compares what was recorded with everything that is derived from it.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Events with hourly rollups and window sums; and, where a server runs on the data, window sums with the counters",
            "that it decides by, which takes its admin key. Changes nothing, and works beside a running server. After a",
            "server was killed, its last entries may wait for the next start in files beside the database: that is told.",
            "",
            "Exit code: 0 everything is right, 1 there are differences, 2 it could not be found out."
        })
public final class VerifyLedgerCommand implements Callable<Integer> {
    private static final int CLEAN = 0;
    private static final int DIFFERENT = 1;
    private static final int UNKNOWN = 2;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Mixin
    private ApiClient client = new ApiClient();

    @Option(names = "--json", description = "Tell it as one JSON document.")
    private boolean json;

    @Option(names = "--offline", description = "Leave the counters of a running server out.")
    private boolean offline;

    @Override
    public Integer call() {
        try {
            var config = options.read();
            var ledger = new LedgerFile(config.store(), Clock.systemUTC());
            boolean running = !offline && ledger.used();
            client.at("http://" + config.listen().host() + ":" + config.listen().port());
            try (var report = Report.of(json)) {
                return right(report, ledger, running) ? CLEAN : DIFFERENT;
            }
        } catch (StoreUnavailableException | CommandFailure | UncheckedIOException e) {
            System.err.println("quotary: " + told(e));
            return UNKNOWN;
        } catch (InvalidInputException e) {
            System.err.println("quotary: " + e.located());
            return UNKNOWN;
        }
    }

    private boolean right(Report report, LedgerFile ledger, boolean running) {
        var verification = ledger.verify(report::difference);
        report.verified(verification);
        report.leftBehind(ledger.leftBehind());
        boolean right = verification.clean();
        if (running) {
            right &= counters(report);
        }
        report.complete();
        return right;
    }

    private static String told(RuntimeException failure) {
        var cause = failure.getCause();
        return failure.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
    }

    /** What the running server says of its counters; true if they are right. */
    private boolean counters(Report report) {
        var answer = client.post("/api/v1/admin/verify-counters", "application/json", "")
                .fields();
        answer.items("differences").forEach(each -> report.difference(difference(each.fields())));
        long different = answer.need("different").integer(0, Long.MAX_VALUE);
        report.counters(answer.need("compared").integer(0, Long.MAX_VALUE), different);
        return different == 0;
    }

    private static Difference.OfCounter difference(Fields told) {
        return new Difference.OfCounter(
                new OrganizationKey(told.need("organization").string()),
                told.need("counted").string(),
                new Difference.Whose(
                        told.need("scope_value").string(),
                        told.need("window_start").instant()),
                told.need("expected").integer(0, Long.MAX_VALUE),
                told.need("found").integer(0, Long.MAX_VALUE));
    }
}
