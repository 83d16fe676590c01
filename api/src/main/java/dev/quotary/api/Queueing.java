package dev.quotary.api;

import dev.quotary.http.Fingerprint;
import dev.quotary.limit.CounterKey;
import dev.quotary.queue.Turn;
import dev.quotary.queue.Waited;
import dev.quotary.queue.Waited.Ending;
import dev.quotary.usage.AdmissionQueue;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Decision;
import dev.quotary.usage.Proposal;
import dev.quotary.usage.Reserved;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A reservation that waits for room, and leaves with its client. */
record Queueing(Admissions admissions, Proposal proposal, Exchange exchange)
        implements AdmissionQueue.Asking<Reserved> {
    @Override
    public Reserved ask(Turn<CounterKey> turn) {
        return admissions.reserve(proposal, turn);
    }

    @Override
    public Reserved reserved(Reserved answer) {
        return answer;
    }

    @Override
    public long bytes() {
        return exchange.body().length;
    }

    /**
     * Waits.
     *
     * @param first what was answered at once
     * @return empty if the server stops
     */
    CompletionStage<Optional<Reserved>> wait(Reserved first) {
        var waiting = admissions.queue().enter(first, this);
        exchange.whenGone(waiting::leave);
        return waiting.ended().thenApply(this::ended);
    }

    private Optional<Reserved> ended(Waited<Reserved> waited) {
        if (waited.ending() == Ending.CLOSED) {
            return Optional.empty();
        }
        var reserved = AdmissionQueue.told(waited.answer(), waited);
        if (exchange.gone()) {
            giveBack(reserved);
        }
        return Optional.of(reserved);
    }

    /** What was admitted as its client left: one that named it may repeat and find it, of any other nobody knows. */
    private void giveBack(Reserved reserved) {
        if (proposal.fingerprint() == Fingerprint.NONE
                && reserved instanceof Reserved.Decided(Decision decision)
                && decision.hold() != null) {
            var _ = admissions.release(proposal.call().organization(), proposal.id());
        }
    }
}
