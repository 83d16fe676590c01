package dev.quotary.server;

import dev.quotary.http.InvalidInputException;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.server.command.ApplyCommand;
import dev.quotary.server.command.CommandFailure;
import dev.quotary.server.command.ConsolePasswordCommand;
import dev.quotary.server.command.DemoCommand;
import dev.quotary.server.command.ExportCommand;
import dev.quotary.server.command.KeyCommand;
import dev.quotary.server.command.PricesCommand;
import dev.quotary.server.command.ProviderKeyCommand;
import dev.quotary.server.command.RebuildCommand;
import dev.quotary.server.command.RepriceCommand;
import dev.quotary.server.command.ServeCommand;
import dev.quotary.server.command.SimulateCommand;
import dev.quotary.server.command.SimulatedProviderCommand;
import dev.quotary.server.command.StatusCommand;
import dev.quotary.server.command.VerifyLedgerCommand;
import dev.quotary.server.command.WarmUpCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code quotary}. */
@Command(
        name = "quotary",
        description = "Meters, limits and bills the use of AI APIs.",
        mixinStandardHelpOptions = true,
        version = "quotary 0.1.0",
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            ApplyCommand.class,
            StatusCommand.class,
            KeyCommand.class,
            ProviderKeyCommand.class,
            ConsolePasswordCommand.class,
            PricesCommand.class,
            VerifyLedgerCommand.class,
            RebuildCommand.class,
            RepriceCommand.class,
            ExportCommand.class,
            SimulateCommand.class,
            SimulatedProviderCommand.class,
            WarmUpCommand.class
        })
public final class Main {
    /** Something the user can mend: configuration, a file, an address. */
    private static final int FAILED = 1;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        var line = new CommandLine(new Main());
        line.setExecutionStrategy(parsed -> {
            if (parsed.hasSubcommand() || parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested()) {
                return new CommandLine.RunLast().execute(parsed);
            }
            line.usage(line.getOut());
            return 0;
        });
        line.setExecutionExceptionHandler((failure, _, _) -> {
            line.getErr().println("quotary: " + told(failure));
            return FAILED;
        });
        return line;
    }

    /** A failure in words for whoever called the command. */
    private static String told(Throwable failure) {
        return switch (failure) {
            case InvalidInputException invalid -> invalid.located();
            case CommandFailure expected -> String.valueOf(expected.getMessage());
            case StoreUnavailableException store ->
                store.getMessage()
                        + (store.getCause() == null
                                ? ""
                                : ": " + store.getCause().getMessage());
            default -> failure.toString();
        };
    }
}
