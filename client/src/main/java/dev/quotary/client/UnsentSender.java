package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends again what could not be sent, in the order of coming, one request at a time; ever more seldom as long as the server is away. A
 * thread of its own, which begins with the first usage that has to be sent again.
 */
final class UnsentSender {
    private static final System.Logger LOG = System.getLogger("dev.quotary.client");
    private static final int BATCH_MAX = 100;
    private static final long BATCH_BYTES_MAX = 1 << 20;

    private final Unsent unsent;
    private final Transport transport;
    private final UnsentOptions options;
    private final UsageListener listener;
    private final Thread thread = Transport.daemon(this::run, "quotary-unsent");
    private final AtomicBoolean started = new AtomicBoolean();

    UnsentSender(Unsent unsent, Transport transport, UnsentOptions options, UsageListener listener) {
        this.unsent = unsent;
        this.transport = transport;
        this.options = options;
        this.listener = listener;
    }

    void start() {
        if (started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    /** Waits for the end, which {@link Unsent#stop} asks for. */
    void join(Duration patience) throws InterruptedException {
        if (started.get()) {
            thread.join(Math.max(1, patience.toMillis()));
        }
    }

    private void run() {
        try {
            var pause = options.pauseMin();
            for (var batch = next(); !batch.isEmpty(); batch = next()) {
                if (delivered(batch)) {
                    pause = options.pauseMin();
                } else if (unsent.pause(pause)) {
                    pause = longer(pause);
                } else {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Entry> next() throws InterruptedException {
        return unsent.next(BATCH_MAX, BATCH_BYTES_MAX);
    }

    private Duration longer(Duration pause) {
        var twice = pause.multipliedBy(2);
        return twice.compareTo(options.pauseMax()) < 0 ? twice : options.pauseMax();
    }

    /** Whether the next ones may follow at once. */
    private boolean delivered(List<Entry> batch) {
        try {
            return batch.size() == 1 ? delivered(batch.get(0)) : deliveredTogether(batch);
        } catch (RuntimeException e) {
            // A mistake of ours must not end the thread that everything kept depends on.
            LOG.log(Level.ERROR, "Kept usage could not be sent", e);
            return false;
        }
    }

    private boolean deliveredTogether(List<Entry> batch) {
        var records = new Json.Arr(batch.stream().map(Entry::body).toList());
        var answer = ask(Request.post("/records", records));
        if (answer.isEmpty()) {
            return false;
        }
        if (answer.get().success()) {
            batch.forEach(this::sent);
            return true;
        }
        // They were taken together or not at all: alone, those without a fault are.
        return batch.stream().allMatch(this::delivered);
    }

    private boolean delivered(Entry entry) {
        var current = entry;
        while (true) {
            var answer = ask(current.request());
            if (answer.isEmpty()) {
                return false;
            }
            var delivery = Delivery.of(current, answer.get());
            if (delivery instanceof Delivery.Changed change) {
                change.estimated().ifPresent(reason -> listener.estimated(entry.id(), reason));
                current = change.entry();
            } else if (delivery instanceof Delivery.Refused refused) {
                unsent.headDone(entry);
                listener.dropped(
                        entry.id(),
                        refused.problem().code() + ": " + refused.problem().detail(),
                        current.body().toString());
                return true;
            } else if (delivery instanceof Delivery.Done) {
                sent(entry);
                return true;
            } else {
                return false;
            }
        }
    }

    private void sent(Entry entry) {
        unsent.headDone(entry);
        listener.sent(entry.id());
    }

    /** Empty if none came. */
    private Optional<Answer> ask(Request request) {
        try {
            return Optional.of(transport.call(request, 1).join());
        } catch (CompletionException e) {
            return Optional.empty();
        }
    }
}
