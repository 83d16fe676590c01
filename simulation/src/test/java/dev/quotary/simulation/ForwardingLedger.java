package dev.quotary.simulation;

import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.CounterSum;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.Reset;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.CounterKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Does what another ledger does; what is broken is overridden. */
class ForwardingLedger implements Ledger {
    protected final Ledger ledger;

    ForwardingLedger(Ledger ledger) {
        this.ledger = ledger;
    }

    @Override
    public CompletionStage<List<Appended>> append(List<Entry> entries) {
        return ledger.append(entries);
    }

    @Override
    public CompletionStage<Optional<UsageEvent>> find(OrganizationKey organization, EventId id) {
        return ledger.find(organization, id);
    }

    @Override
    public CompletionStage<Void> recount(List<Recount> counters) {
        return ledger.recount(counters);
    }

    @Override
    public CompletionStage<List<Reset>> reset(List<CounterKey> counters, Instant at, String by) {
        return ledger.reset(counters, at, by);
    }

    @Override
    public CompletionStage<List<Reset>> resets(OrganizationKey organization, String scopeValue) {
        return ledger.resets(organization, scopeValue);
    }

    @Override
    public CompletionStage<Void> exceeded(CounterKey counter, Instant at) {
        return ledger.exceeded(counter, at);
    }

    @Override
    public void openSums(Instant now, Consumer<CounterSum> each) {
        ledger.openSums(now, each);
    }

    @Override
    public CompletionStage<Long> sum(CounterKey counter) {
        return ledger.sum(counter);
    }

    @Override
    public void close() {
        ledger.close();
    }
}
