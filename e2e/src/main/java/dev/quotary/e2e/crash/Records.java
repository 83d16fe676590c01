package dev.quotary.e2e.crash;

import dev.quotary.e2e.crash.Client.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Events recorded after the fact, singly and in batches, some of them twice. */
final class Records implements Worker {
    private static final String PATH = "/api/v1/usage/records";
    private static final int BATCH_MAX = 10;

    private final Client client;
    private final Faults faults;
    private final RandomGenerator random;
    private final Tally tally;
    private long count;

    Records(Client client, Faults faults, RandomGenerator random, String subject) {
        this.client = client;
        this.faults = faults;
        this.random = random;
        this.tally = new Tally(subject);
    }

    private record Sent(String id, long input, long output) {
        String json(String subject) {
            return """
                   {"id":"%s","subject":"%s","provider":"openai","model":"gpt-4o-mini",\
                   "quantities":{"requests":1,"tokens.input":%d,"tokens.output":%d}}""".formatted(id, subject, input, output);
        }
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public void step() throws InterruptedException {
        var batch = new ArrayList<Sent>();
        int size = random.nextBoolean() ? 1 : random.nextInt(2, BATCH_MAX + 1);
        for (int i = 0; i < size; i++) {
            batch.add(new Sent(tally.subject() + "-" + count++, random.nextLong(1, 1000), random.nextLong(1, 500)));
        }
        var body = size == 1
                ? batch.getFirst().json(tally.subject())
                : batch.stream().map(sent -> sent.json(tally.subject())).collect(Collectors.joining(",", "[", "]"));
        var first = client.post(PATH, body);
        if (!whole(first, size, first.repeated())) {
            return;
        }
        acknowledge(batch, first);
        if (random.nextInt(10) == 0) {
            var again = client.post(PATH, body);
            if (whole(again, size, true) && again.answer().json().at("recorded").number() != 0) {
                faults.add(Faults.Kind.MISCOUNTED, "what was recorded was recorded again: " + again);
            }
        }
    }

    /** A batch is one transaction: all of it is new, or, on a repeat, all of it may be there already. */
    private boolean whole(Settled settled, int size, boolean mayBeThere) {
        if (!settled.answer().ok()) {
            faults.add(Faults.Kind.UNEXPECTED, "a record: " + settled);
            return false;
        }
        var json = settled.answer().json();
        long recorded = json.at("recorded").number();
        long duplicates = json.at("duplicates").number();
        boolean one = recorded == size && duplicates == 0;
        boolean other = recorded == 0 && duplicates == size && mayBeThere;
        if (!one && !other) {
            faults.add(Faults.Kind.MISCOUNTED, "of " + size + " records in one batch: " + settled);
            return false;
        }
        return true;
    }

    private void acknowledge(List<Sent> batch, Settled settled) {
        var events = settled.answer().json().at("events").items();
        for (int i = 0; i < batch.size(); i++) {
            var sent = batch.get(i);
            var event = events.get(i);
            var use = new Use(1, sent.input(), sent.output(), event.at("cost").decimal());
            if (!tally.acknowledge(event.at("id").text(), use)) {
                faults.add(Faults.Kind.UNEXPECTED, "two records were answered with one event: " + event);
            }
        }
    }
}
