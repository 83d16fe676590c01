package dev.quotary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.ReservationId;
import dev.quotary.ledger.CostBasis;
import dev.quotary.ledger.CostFacts;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Outcome;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Charge;
import dev.quotary.limit.Hold;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.TokenUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a new process must make of what the last one left. */
final class Restart {
    private final Truth truth;
    private final Books books;
    private final Map<ReservationId, List<Optional<Hold>>> possible;

    /** @param possible what the journal may have of each reservation */
    Restart(Truth truth, Books books, Map<ReservationId, List<Optional<Hold>>> possible) {
        this.truth = truth;
        this.books = books;
        this.possible = possible;
    }

    /** Calls of the gateway that nobody has settled are recorded with an estimate. */
    void expectInterruptions() {
        for (var holds : possible.values()) {
            for (var hold : holds) {
                hold.filter(known -> known.origin() == Hold.Origin.GATEWAY).ifPresent(known -> {
                    books.sent(interruption(known, false), false);
                    books.sent(interruption(known, true), false);
                });
            }
        }
    }

    /** The request, and a quarter of the input that was held. */
    private static UsageEvent interruption(Hold hold, boolean late) {
        var held = hold.amounts().quantities();
        long input = held.tokensInput() / 4;
        var amounts = new Amounts(Quantities.ofTokens(held.requests(), input, 0), Money.ZERO);
        return new UsageEvent(
                hold.id().event(),
                hold.admittedAt(),
                hold.call(),
                new Metered(
                        amounts,
                        TokenUsage.of(input, 0),
                        Optional.empty(),
                        Evidence.ESTIMATE,
                        List.of(),
                        CostFacts.of(CostBasis.UNPRICED)),
                new Result(Outcome.INTERRUPTED, "server_stopped", 0, 0, late),
                Optional.of(hold.amounts()),
                "",
                0);
    }

    void check(ServerProcess process, boolean powerLost) {
        var now = process.now();
        var known = process.limiter().openHolds().stream().map(Hold::id).toList();
        assertThat(truth.holdings().keySet())
                .as("the journal holds only what was asked for")
                .containsAll(known);
        possible.forEach((id, states) -> {
            var found = process.limiter().find(truth.rules().organization(), id, now);
            if (books.recorded(id.event()) != null) {
                assertThat(found).as("INV-3: %s is settled", Shown.of(id)).isEmpty();
                settled(id, states);
            } else {
                assertThat(states.stream().map(state -> state.map(Restart::bare)))
                        .as("INV-3: %s is found as it was left", Shown.of(id))
                        .contains(found.map(Restart::bare));
                assertThat(found.filter(hold -> hold.origin() == Hold.Origin.GATEWAY))
                        .as("no gateway call outlives its process")
                        .isEmpty();
                truth.holding(id).found(found, charges(found, process), powerLost);
            }
        });
    }

    private List<Charge> charges(Optional<Hold> found, ServerProcess process) {
        return found.map(hold -> truth.charges(hold.call(), hold.amounts(), hold.admittedAt(), process.now()))
                .orElse(List.of());
    }

    /** Of those settled just now the process remembers the ids; of those of before it knows nothing. */
    private void settled(ReservationId id, List<Optional<Hold>> states) {
        boolean now = states.stream().flatMap(Optional::stream).anyMatch(hold -> hold.origin() == Hold.Origin.GATEWAY);
        truth.holding(id).found(Optional.empty(), List.of(), true);
        if (now) {
            truth.holding(id).closed(true);
        }
    }

    private static Hold bare(Hold hold) {
        return Decisions.withChargesOf(
                new Hold(
                        hold.id(),
                        hold.call(),
                        hold.amounts(),
                        List.of(),
                        hold.admittedAt(),
                        hold.expiresAt(),
                        hold.origin(),
                        hold.fingerprint()),
                hold);
    }
}
