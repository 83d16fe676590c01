package dev.quotary.e2e.crash;

import dev.quotary.e2e.crash.Api.Answer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A client as the documentation asks for: it repeats a request with the same id until it is answered. Safe for many threads. */
final class Client implements Asking {
    private static final int UNAVAILABLE = 503;
    private static final long PAUSE_MILLIS = 20;

    private final Api api;
    private final Gate gate;
    private final boolean storeMayBeAway;
    private final AtomicLong lostAnswers = new AtomicLong();

    Client(Api api, Gate gate) {
        this(api, gate, false);
    }

    /** @param storeMayBeAway whether a 503 is an answer to be expected, after which the request is repeated */
    Client(Api api, Gate gate, boolean storeMayBeAway) {
        this.api = api;
        this.gate = gate;
        this.storeMayBeAway = storeMayBeAway;
    }

    /** Whether this answer says that nothing was done, or that nobody knows, for a reason that will pass. */
    boolean away(Answer answer) {
        return storeMayBeAway && answer.status() == UNAVAILABLE;
    }

    boolean storeMayBeAway() {
        return storeMayBeAway;
    }

    Api api() {
        return api;
    }

    Gate gate() {
        return gate;
    }

    /** How often an answer did not come and the request was sent again. */
    long lostAnswers() {
        return lostAnswers.get();
    }

    /**
     * An answer, and whether it is that to a repeat: a first attempt may have been carried out before the server died.
     */
    record Settled(Answer answer, boolean repeated) {}

    /** Repeated as {@link #post} is. */
    @Override
    public Answer get(String path) throws IOException {
        try {
            while (true) {
                gate.pass();
                var answer = api.get(path);
                if (!away(answer)) {
                    return answer;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    Settled post(String path, String body) throws InterruptedException {
        for (boolean repeated = false; ; repeated = true) {
            gate.pass();
            try {
                var answer = api.post(path, body, Map.of());
                if (!away(answer)) {
                    return new Settled(answer, repeated);
                }
                Thread.sleep(PAUSE_MILLIS);
            } catch (IOException _) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                lostAnswers.incrementAndGet();
            }
        }
    }
}
