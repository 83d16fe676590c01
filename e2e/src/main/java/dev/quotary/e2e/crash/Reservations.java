package dev.quotary.e2e.crash;

import dev.quotary.e2e.crash.Client.Settled;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Reservations that are committed at once, committed later (often by a server that was started since), given back, or left to expire.
 */
final class Reservations implements Worker {
    static final int TTL_SECONDS = 60;
    static final int TTL_SHORT_SECONDS = 1;
    private static final int PARKED_MAX = 12;

    private final Client client;
    private final Faults faults;
    private final RandomGenerator random;
    private final String name;
    private final Tally tally;
    private final Deque<Reserved> parked = new ArrayDeque<>();
    private long count;

    Reservations(Client client, Faults faults, RandomGenerator random, String subject) {
        this.client = client;
        this.faults = faults;
        this.random = random;
        this.name = subject;
        this.tally = new Tally(subject);
    }

    private record Reserved(String id, long input, long output) {
        String path(String verb) {
            return "/api/v1/usage/reservations/" + id + "/" + verb;
        }

        String event() {
            return "evt_" + id.substring("rsv_".length());
        }
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public void step() throws InterruptedException {
        int choice = random.nextInt(100);
        boolean brief = choice >= 90;
        var reserved = reserve(brief ? TTL_SHORT_SECONDS : TTL_SECONDS);
        if (reserved == null) {
            return;
        }
        if (choice < 50) {
            commit(reserved);
        } else if (choice < 65) {
            release(reserved);
        } else if (choice < 95) {
            parked.add(reserved);
        }
        // The rest is left alone, and expires.
        if (parked.size() > random.nextInt(PARKED_MAX)) {
            commit(parked.remove());
        }
    }

    @Override
    public void finish() throws InterruptedException {
        while (!parked.isEmpty()) {
            if (parked.size() % 2 == 0) {
                commit(parked.remove());
            } else {
                release(parked.remove());
            }
        }
    }

    private @Nullable Reserved reserve(int ttlSeconds) throws InterruptedException {
        long input = random.nextLong(1, 1000);
        long output = random.nextLong(1, 500);
        var body = """
                {"id":"%s-%d","subject":"%s","provider":"openai","model":"gpt-4o-mini",\
                "quantities":{"requests":1,"tokens.input":%d,"tokens.output":%d},"ttl_seconds":%d}""".formatted(name, count++, tally.subject(), input, output, ttlSeconds);
        var answer = client.post("/api/v1/usage/reservations", body).answer();
        if (!answer.ok()) {
            faults.add(Faults.Kind.UNEXPECTED, "a reservation: " + answer);
            return null;
        }
        return new Reserved(answer.json().at("reservation").at("id").text(), input, output);
    }

    private void commit(Reserved reserved) throws InterruptedException {
        long output = random.nextLong(0, reserved.output() + 1);
        var body = """
                {"quantities":{"tokens.input":%d,"tokens.output":%d},"latency_ms":7}""".formatted(reserved.input(), output);
        var first = client.post(reserved.path("commit"), body);
        if (!committed(reserved, first, output)) {
            return;
        }
        var use = Use.of(first.answer().json());
        tally.acknowledge(reserved.event(), use);
        if (random.nextInt(20) == 0) {
            var again = client.post(reserved.path("commit"), body);
            if (!committed(reserved, again, output)
                    || !Use.of(again.answer().json()).same(use)) {
                faults.add(Faults.Kind.UNEXPECTED, "a repeated commit: " + first + ", then " + again);
            }
        }
    }

    private boolean committed(Reserved reserved, Settled settled, long output) {
        var answer = settled.answer();
        if (!answer.ok()) {
            // It was acknowledged that this is held, or was acknowledged to be committed.
            faults.add(Faults.Kind.LOST, "a commit of " + reserved + ": " + answer);
            return false;
        }
        var json = answer.json();
        var use = Use.of(json);
        boolean asSent = use.requests() == 1 && use.input() == reserved.input() && use.output() == output;
        if (!asSent || !json.at("event_id").text().equals(reserved.event())) {
            faults.add(Faults.Kind.UNEXPECTED, "a commit of " + reserved + " with output " + output + ": " + answer);
            return false;
        }
        return true;
    }

    private void release(Reserved reserved) throws InterruptedException {
        var settled = client.post(reserved.path("release"), "{}");
        boolean gone = settled.repeated() && settled.answer().status() == 404;
        if (!settled.answer().ok() && !gone) {
            faults.add(Faults.Kind.UNEXPECTED, "a release of " + reserved + ": " + settled);
        }
    }
}
