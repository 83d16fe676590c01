package dev.quotary.api.export;

import dev.quotary.limit.StoreUnavailableException;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends a long answer from a thread that may wait: each piece when the connection has taken the one before. */
final class ResponseSink {
    /** A client that takes nothing for so long is taken for gone. */
    private static final long TAKE_SECONDS_MAX = 60;

    private final HttpServerResponse response;
    private final Context context;

    ResponseSink(HttpServerResponse response, Context context) {
        this.response = response;
        this.context = context;
    }

    /** Thrown when nobody takes the answer any more. */
    static final class GoneException extends RuntimeException {
        private static final long serialVersionUID = 1;

        GoneException(Throwable cause) {
            super("the client of an export has left", cause);
        }
    }

    void write(Buffer piece) {
        var taken = new CompletableFuture<Void>();
        context.runOnContext(_ -> {
            if (response.closed()) {
                taken.completeExceptionally(new IllegalStateException("closed"));
                return;
            }
            response.write(piece).onComplete(result -> {
                if (result.succeeded()) {
                    taken.complete(null);
                } else {
                    taken.completeExceptionally(result.cause());
                }
            });
        });
        await(taken);
    }

    private static void await(CompletableFuture<Void> taken) {
        try {
            taken.get(TAKE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new GoneException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("sending an export: interrupted", e);
        }
    }

    void end() {
        context.runOnContext(_ -> response.end());
    }

    /** Breaks the connection, so that nobody takes what was sent for the whole. */
    void breakOff() {
        context.runOnContext(_ -> response.reset());
    }
}
