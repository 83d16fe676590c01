package dev.quotary.e2e.crash;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Several servers behind one address, as behind a load balancer: each request goes to the next one that is known to run. */
final class Targets implements Supplier<String> {
    private final Gate gate;
    private final Set<String> running = new CopyOnWriteArraySet<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile String last = "http://127.0.0.1:1";

    /** @param gate is open while a server runs */
    Targets(Gate gate) {
        this.gate = gate;
    }

    void up(String base) {
        running.add(base);
        last = base;
        gate.open();
    }

    void down(String base) {
        running.remove(base);
        if (running.isEmpty()) {
            gate.close();
        }
    }

    @Override
    public String get() {
        var bases = List.copyOf(running);
        // With none, a request reaches nobody, as it should.
        return bases.isEmpty() ? last : bases.get(Math.floorMod(turn.getAndIncrement(), bases.size()));
    }
}
