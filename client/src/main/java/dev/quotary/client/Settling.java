package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Tells usage to the server: at once, and if that fails later. */
final class Settling {
    private final Transport transport;
    private final Unsent unsent;
    private final UnsentSender sender;
    private final UsageListener listener;

    Settling(Transport transport, UnsentOptions options, UsageListener listener) {
        this.transport = transport;
        this.listener = listener;
        this.unsent = new Unsent(options, listener);
        this.sender = new UnsentSender(unsent, transport, options, listener);
        if (unsent.waiting() > 0) {
            sender.start();
        }
    }

    /** Done once the usage is in the ledger, or kept. */
    CompletableFuture<Settled> now(Json.Obj content) {
        var entry = unsent.begin(content);
        return deliver(entry, entry);
    }

    /** Kept, and sent by the thread that sends again. Empty if there is no room to keep it. */
    Optional<Settled> soon(Json.Obj content) {
        var entry = unsent.begin(content);
        if (unsent.later(entry)) {
            sender.start();
            return Optional.of(new Settled.Kept(entry.id()));
        }
        dropped(entry, "there is no room to keep it");
        return Optional.empty();
    }

    private CompletableFuture<Settled> deliver(Entry kept, Entry sent) {
        return Waiting.follow(transport.call(sent.request()), new Waiting.Ending<>() {
            @Override
            public CompletableFuture<Settled> done(Answer answer) {
                return next(kept, sent, answer);
            }

            @Override
            public CompletableFuture<Settled> failed(Throwable cause) {
                return later(kept, String.valueOf(cause.getMessage()));
            }
        });
    }

    private CompletableFuture<Settled> next(Entry kept, Entry sent, Answer answer) {
        var delivery = Delivery.of(sent, answer);
        if (delivery instanceof Delivery.Done done) {
            unsent.done(kept);
            unsent.hurry();
            return CompletableFuture.completedFuture(done.settled());
        }
        if (delivery instanceof Delivery.Changed changed) {
            changed.estimated().ifPresent(reason -> listener.estimated(kept.id(), reason));
            return deliver(kept, changed.entry());
        }
        if (delivery instanceof Delivery.Refused refused) {
            unsent.done(kept);
            var exception = new RequestRefusedException(refused.problem());
            dropped(sent, String.valueOf(exception.getMessage()));
            return CompletableFuture.failedFuture(exception);
        }
        return later(kept, delivery instanceof Delivery.Later later ? later.reason() : "");
    }

    private CompletableFuture<Settled> later(Entry entry, String reason) {
        if (!unsent.later(entry)) {
            dropped(entry, "there is no room to keep it, and it could not be sent: " + reason);
            return CompletableFuture.failedFuture(
                    new UnavailableException("The usage could be neither sent nor kept: " + reason, null));
        }
        sender.start();
        listener.kept(entry.id(), reason);
        return CompletableFuture.completedFuture(new Settled.Kept(entry.id()));
    }

    private void dropped(Entry entry, String reason) {
        listener.dropped(entry.id(), reason, entry.body().toString());
    }

    /** The server has answered somebody: what is kept may be sent now. */
    void serverAnswers() {
        unsent.hurry();
    }

    int waiting() {
        return unsent.waiting();
    }

    boolean flush(Duration patience) throws InterruptedException {
        return unsent.awaitEmpty(patience);
    }

    /** Tries once more what is kept, as long as there is patience; what is left then is on disk, or told as lost. */
    void close(Duration patience) {
        unsent.stop();
        try {
            sender.join(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        transport.close();
        unsent.close();
    }
}
