package dev.quotary.e2e.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Clients of every kind, each on a thread of its own, until they are told to end. */
final class Load {
    static final int WORKERS_OF_A_KIND = 10;
    private static final Duration FINISH_MAX = Duration.ofMinutes(2);

    private final Faults faults;
    private final List<Worker> workers = new ArrayList<>();
    private final List<GatewayCalls> gatewayCalls = new ArrayList<>();
    private List<Thread> threads = List.of();
    private volatile boolean stopping;

    /** @param ofAKind workers of each kind */
    Load(Client client, Faults faults, long seed, int ofAKind) {
        this.faults = faults;
        var seeds = new SplittableRandom(seed);
        for (int i = 0; i < ofAKind; i++) {
            gatewayCalls.add(new GatewayCalls(client, faults, seeds.split(), "plain-" + i, false));
            gatewayCalls.add(new GatewayCalls(client, faults, seeds.split(), "stream-" + i, true));
            workers.add(new Reservations(client, faults, seeds.split(), "reserving-" + i));
            workers.add(new Records(client, faults, seeds.split(), "recording-" + i));
        }
        workers.add(new FullSessions(client, faults, "full"));
        workers.addAll(gatewayCalls);
    }

    /**
     * What the load needs declared. What a subject may use is more than it ever will, so that refusals are faults; a session may have so
     * many calls and no more.
     *
     * @param onStoreFailure {@code allow} or {@code deny}
     */
    static String plans(String organization, String onStoreFailure) {
        return """
                plans:
                  - key: open
                    limits:
                      - { key: requests, meter: requests, per: subject, window: lifetime, max: 1000000000, on_store_failure: %1$s }
                      - { key: tokens, meter: tokens, per: subject, window: lifetime, max: 1000000000000, on_store_failure: %1$s }
                      - { key: cost, meter: cost, per: subject, window: lifetime, max: "1000000", on_store_failure: %1$s }
                      - { key: organization-requests, meter: requests, per: organization, window: lifetime, max: 1000000000, on_store_failure: %1$s }
                      - { key: organization-tokens, meter: tokens, per: organization, window: lifetime, max: 1000000000000, on_store_failure: %1$s }
                      - { key: organization-cost, meter: cost, per: organization, window: lifetime, max: "1000000", on_store_failure: %1$s }
                      - { key: session, meter: requests, per: session, window: lifetime, max: %2$d, where: { feature: %3$s }, on_store_failure: %1$s }
                organizations:
                  - { key: %4$s, plan: open }
                """.formatted(onStoreFailure, FullSessions.ADMITTED_MAX, FullSessions.FEATURE, organization);
    }

    void start() {
        threads = workers.stream().map(this::start).toList();
    }

    private Thread start(Worker worker) {
        return Thread.ofVirtual().name(worker.tally().subject()).start(() -> {
            try {
                while (!stopping) {
                    worker.step();
                }
                worker.finish();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                faults.add(Faults.Kind.UNEXPECTED, worker.tally().subject() + ": " + e);
            }
        });
    }

    /** Has everybody end what was begun, and waits for that. */
    void end() throws InterruptedException {
        stopping = true;
        for (var thread : threads) {
            if (!thread.join(FINISH_MAX)) {
                faults.add(Faults.Kind.UNEXPECTED, thread.getName() + " did not end");
            }
        }
    }

    void interrupt() {
        threads.forEach(Thread::interrupt);
    }

    List<Tally> tallies() {
        return workers.stream().map(Worker::tally).toList();
    }

    List<Tally> gatewayTallies() {
        return gatewayCalls.stream().map(Worker::tally).toList();
    }

    long acknowledged() {
        return tallies().stream()
                .mapToLong(tally -> tally.acknowledged().size())
                .sum();
    }

    /** Gateway calls that were running when their server died. */
    long unsure() {
        return tallies().stream().mapToLong(Tally::unsureCalls).sum();
    }
}
