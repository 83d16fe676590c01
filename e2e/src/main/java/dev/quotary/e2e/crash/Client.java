package dev.quotary.e2e.crash;

import dev.quotary.e2e.crash.Api.Answer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A client as the documentation asks for: it repeats a request with the same id until it is answered. Safe for many threads. */
final class Client {
    private final Api api;
    private final Gate gate;
    private final AtomicLong lostAnswers = new AtomicLong();

    Client(Api api, Gate gate) {
        this.api = api;
        this.gate = gate;
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

    Settled post(String path, String body) throws InterruptedException {
        for (boolean repeated = false; ; repeated = true) {
            gate.pass();
            try {
                return new Settled(api.post(path, body, Map.of()), repeated);
            } catch (IOException _) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException();
                }
                lostAnswers.incrementAndGet();
            }
        }
    }
}
