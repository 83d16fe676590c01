package dev.quotary.server.command;

import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Verification;
import dev.quotary.server.runtime.LedgerFile;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Derives rollups and window sums from the events anew. */
@Command(
        name = "rebuild",
        description = "Makes hourly rollups and window sums what the recorded events make them.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The server must be stopped. All of it is changed in one step, or nothing: a rebuild that is killed has",
            "changed nothing. The counters are read from the sums when the server starts."
        })
public final class RebuildCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions options = new ServerOptions();

    @Option(names = "--dry-run", description = "Only show what would change; works beside a running server.")
    private boolean dryRun;

    @Override
    public Integer call() {
        var ledger = new LedgerFile(options.read().store(), Clock.systemUTC());
        if (dryRun) {
            tell(ledger.verify(RebuildCommand::tell), "would be mended");
            return 0;
        }
        if (ledger.used()) {
            throw new CommandFailure("A server is using this data. Stop it, then rebuild; "
                    + "'quotary rebuild --dry-run' and 'quotary verify-ledger' work beside it.");
        }
        tell(ledger.rebuild(RebuildCommand::tell), "mended");
        return 0;
    }

    private static void tell(Difference difference) {
        System.out.println(Differences.line(difference));
    }

    private static void tell(Verification verification, String done) {
        System.out.println(verification.events() + " events, " + verification.rollups() + " hourly rollups, "
                + verification.sums() + " window sums: " + verification.differences() + " differences " + done);
    }
}
