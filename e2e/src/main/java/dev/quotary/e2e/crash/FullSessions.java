package dev.quotary.e2e.crash;

import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Racers who reserve until a session's limit is reached: however often the server dies meanwhile, exactly as many are admitted as the
 * limit allows. One less is a phantom hold, one more is an over-admission.
 */
final class FullSessions implements Worker {
    static final int ADMITTED_MAX = 20;
    static final String FEATURE = "full";
    private static final int RACERS = 3;

    private final Client client;
    private final Faults faults;
    private final Tally tally;
    private long count;

    FullSessions(Client client, Faults faults, String subject) {
        this.client = client;
        this.faults = faults;
        this.tally = new Tally(subject);
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public void step() throws InterruptedException {
        var session = tally.subject() + "-" + count++;
        var admitted = new ConcurrentLinkedQueue<String>();
        var racers = new Thread[RACERS];
        for (int i = 0; i < RACERS; i++) {
            var name = session + "-" + i;
            racers[i] = Thread.startVirtualThread(() -> fill(session, name, admitted));
        }
        for (var racer : racers) {
            racer.join();
        }
        if (admitted.size() > ADMITTED_MAX) {
            faults.add(Faults.Kind.OVER, session + " admitted " + admitted.size() + " of " + ADMITTED_MAX);
        } else if (admitted.size() < ADMITTED_MAX) {
            faults.add(Faults.Kind.PHANTOM, session + " admitted " + admitted.size() + " of " + ADMITTED_MAX);
        }
        settle(List.copyOf(admitted));
    }

    private void fill(String session, String name, ConcurrentLinkedQueue<String> admitted) {
        try {
            for (int i = 0; i <= ADMITTED_MAX; i++) {
                var body = """
                        {"id":"%s-%d","subject":"%s","session":"%s","feature":"%s","quantities":{"requests":1},\
                        "ttl_seconds":%d}""".formatted(name, i, tally.subject(), session, FEATURE, 10 * Reservations.TTL_SECONDS);
                var answer = client.post("/api/v1/usage/reservations", body).answer();
                if (answer.status() == 402) {
                    return;
                }
                if (!answer.ok()) {
                    faults.add(Faults.Kind.UNEXPECTED, "a reservation of a session: " + answer);
                    return;
                }
                admitted.add(answer.json().at("reservation").at("id").text());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Commits half of them and gives the others back. */
    private void settle(List<String> admitted) throws InterruptedException {
        boolean commit = true;
        for (var id : admitted) {
            var path = "/api/v1/usage/reservations/" + id + (commit ? "/commit" : "/release");
            var settled = client.post(path, "{}");
            if (commit && settled.answer().ok()) {
                tally.acknowledge(settled.answer().json().at("event_id").text(), new Use(1, 0, 0, BigDecimal.ZERO));
            } else if (commit) {
                faults.add(Faults.Kind.LOST, "a commit of " + id + ": " + settled);
            } else if (!settled.answer().ok()
                    && !(settled.repeated() && settled.answer().status() == 404)) {
                faults.add(Faults.Kind.UNEXPECTED, "a release of " + id + ": " + settled);
            }
            commit = !commit;
        }
    }
}
