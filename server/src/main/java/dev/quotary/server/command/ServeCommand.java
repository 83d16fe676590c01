package dev.quotary.server.command;

import dev.quotary.server.runtime.QuotaryServer;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts the server and runs until it is told to stop. */
@Command(
        name = "serve",
        description = "Starts the server.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Every key of the file may come from the environment: QUOTARY_SERVER_PORT=9090.",
            "The admin key is QUOTARY_ADMIN_KEY, or is made and printed once at the first start."
        })
public final class ServeCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions options = new ServerOptions();

    @Override
    public Integer call() throws InterruptedException {
        var server = QuotaryServer.start(options.read(), Clock.systemUTC(), System.getenv());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
        server.newAdminKey().ifPresent(key -> {
            System.out.println("admin key (shown this once): " + key);
            System.out.println("  export QUOTARY_ADMIN_KEY=" + key);
        });
        System.out.println("quotary on " + server.url());
        server.awaitClose();
        return 0;
    }
}
