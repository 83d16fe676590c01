package dev.quotary.simulation;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.EventId;
import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Result;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Hold;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.TokenUsage;
import dev.quotary.usage.Commitment;
import dev.quotary.usage.Proposal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Those who call, and the network between them and the server: messages are delayed, overtake one another, come twice, and answers are
 * lost. Who hears nothing, or that a store failed, sends the same again.
 */
final class Clients {
    private static final List<String> SUBJECTS = List.of("ada", "bob", "cy");
    private static final MeterKey FILES = new MeterKey("kb_file");
    private static final MeterKey SEATS = new MeterKey("seats");

    private final Fate fate;
    private final OrganizationKey organization;
    private final List<Message> network = new ArrayList<>();
    private final Map<ReservationId, Errand> errands = new LinkedHashMap<>();
    private int lastNumber;

    /** A call from its admission to its end. */
    private static final class Errand {
        final Proposal proposal;
        /** What was granted; null before. */
        @Nullable Hold hold;

        boolean ending;

        Errand(Proposal proposal) {
            this.proposal = proposal;
        }

        boolean gateway() {
            return proposal.origin() == Hold.Origin.GATEWAY;
        }
    }

    Clients(Fate fate, OrganizationKey organization) {
        this.fate = fate;
        this.organization = organization;
    }

    static List<SubjectKey> subjects() {
        return SUBJECTS.stream().map(SubjectKey::new).toList();
    }

    boolean quiet() {
        return network.isEmpty();
    }

    /** A message that comes to the server now; another copy of it may come later. */
    Optional<Message> delivered() {
        if (network.isEmpty()) {
            return Optional.empty();
        }
        var message = network.remove(fate.below(network.size()));
        if (!inProcess(message) && fate.oneIn(8)) {
            network.add(message);
        }
        return Optional.of(message);
    }

    /** Gateway calls are made within the process: nothing between them and the engine repeats or loses anything. */
    private boolean inProcess(Message message) {
        return switch (message) {
            case Message.Reserve(Proposal proposal) -> proposal.origin() == Hold.Origin.GATEWAY;
            case Message.Commit commit -> commit.gateway().isPresent();
            case Message.Check _, Message.Extend _, Message.Release _, Message.Report _ -> false;
        };
    }

    void begin() {
        var origin = fate.oneIn(3) ? Hold.Origin.GATEWAY : Hold.Origin.API;
        var proposal = proposal(new ReservationId(1, ++lastNumber), origin);
        errands.put(proposal.id(), new Errand(proposal));
        network.add(new Message.Reserve(proposal));
        if (origin == Hold.Origin.API && fate.oneIn(12)) {
            network.add(new Message.Reserve(other(proposal)));
        }
        if (fate.oneIn(6)) {
            network.add(new Message.Check(proposal));
        }
    }

    private Proposal proposal(ReservationId id, Hold.Origin origin) {
        int seconds = fate.oneIn(8) ? 1 + fate.below(7_200) : 1 + fate.below(90);
        return new Proposal(id, call(), amounts(), true, Duration.ofSeconds(seconds), origin, 100 * id.low());
    }

    /** Other content under the same id. */
    private Proposal other(Proposal proposal) {
        return new Proposal(
                proposal.id(),
                proposal.call(),
                amounts(),
                true,
                proposal.ttl(),
                proposal.origin(),
                proposal.fingerprint() + 1);
    }

    Call call() {
        var subject = fate.oneIn(8) ? null : new SubjectKey(fate.pick(SUBJECTS));
        var dimensions = new Dimensions(
                "openai",
                fate.oneIn(5) ? null : fate.pick(List.of("gpt-5", "gpt-5-mini", "claude")),
                null,
                subject == null || fate.oneIn(2) ? null : "session-of-" + subject,
                null,
                Map.of());
        return new Call(organization, subject, subject == null ? null : new KeyId("key_" + subject), dimensions);
    }

    /** Calls that between them have every scope value. */
    List<Call> everybody() {
        var calls = new ArrayList<Call>();
        calls.add(new Call(organization, null, null, new Dimensions("openai", "gpt-5", null, null, null, Map.of())));
        for (var subject : subjects()) {
            var dimensions = new Dimensions("openai", "gpt-5", null, "session-of-" + subject, null, Map.of());
            calls.add(new Call(organization, subject, new KeyId("key_" + subject), dimensions));
        }
        return calls;
    }

    private Amounts amounts() {
        Map<MeterKey, Long> others = new HashMap<>();
        if (fate.oneIn(4)) {
            others.put(FILES, (long) fate.below(3));
        }
        if (fate.oneIn(6)) {
            others.put(SEATS, (long) fate.below(6));
        }
        long input = fate.below(9);
        long output = fate.below(5);
        long dollars = fate.oneIn(3) ? fate.below(4) : 0;
        return new Amounts(
                new Quantities(fate.oneIn(8) ? 0 : 1, input, output, input + output, others),
                new Money(dollars * Rule.UNITS_PER_DOLLAR));
    }

    /** Somebody goes on with what he was granted; or leaves it, which is why holds expire. */
    void act() {
        var open = errands.values().stream()
                .filter(errand -> errand.hold != null && !errand.ending)
                .toList();
        if (open.isEmpty()) {
            return;
        }
        var errand = fate.pick(open);
        int choice = errand.gateway() ? 9 : fate.below(10);
        switch (choice) {
            case 0, 1, 2 ->
                network.add(new Message.Extend(
                        errand.proposal.id(),
                        fate.oneIn(3) ? Amounts.NONE : amounts(),
                        Duration.ofSeconds(1 + fate.below(120))));
            case 3 -> {
                errand.ending = true;
                network.add(new Message.Release(errand.proposal.id()));
            }
            case 4 -> errand.ending = true;
            default -> commit(errand);
        }
    }

    private void commit(Errand errand) {
        errand.ending = true;
        var id = errand.proposal.id();
        var hold = Optional.ofNullable(errand.hold).filter(_ -> errand.gateway());
        long fingerprint = 100 * id.low();
        network.add(new Message.Commit(id, hold, commitment(errand.proposal.call(), fingerprint)));
        if (!errand.gateway() && fate.oneIn(12)) {
            network.add(new Message.Commit(id, hold, commitment(errand.proposal.call(), fingerprint + 1)));
        }
    }

    private Commitment commitment(Call call, long fingerprint) {
        var dimensions = fate.oneIn(10) ? call.dimensions().at("openai", "claude") : call.dimensions();
        return new Commitment(metered(), Result.SUCCESS, dimensions, "", fingerprint);
    }

    private Metered metered() {
        return new Metered(amounts(), TokenUsage.NONE, Optional.empty(), Evidence.REPORTED);
    }

    /** Use that nobody asked to be admitted. */
    void report(Instant now) {
        var events = new ArrayList<UsageEvent>();
        for (int left = fate.below(3); left >= 0; left--) {
            long number = ++lastNumber;
            events.add(event(new EventId(2, number), now, 100 * number));
        }
        network.add(new Message.Report(events));
        if (fate.oneIn(10)) {
            var first = events.getFirst();
            network.add(new Message.Report(List.of(event(first.id(), now, first.fingerprint() + 1))));
        }
    }

    private UsageEvent event(EventId id, Instant now, long fingerprint) {
        var time = now.minusMillis(fate.oneIn(3) ? fate.below(100_000_000) : 0);
        return new UsageEvent(id, time, call(), metered(), Result.SUCCESS, "", fingerprint);
    }

    /** An answer comes back, or is lost. */
    void hear(Face.Answer answer) {
        var message = answer.message();
        boolean lost = !inProcess(message) && fate.oneIn(10);
        if (lost || answer.kind() == Face.Answer.Kind.FAILED) {
            network.add(message);
            return;
        }
        var hold = answer.hold();
        if (hold != null) {
            var errand = errands.get(hold.id());
            if (errand != null) {
                errand.hold = hold;
            }
        }
    }

    /** Gateway calls die with the process; clients of the API that wait for an answer ask again. */
    void processDied(List<Message> unanswered) {
        network.removeIf(this::inProcess);
        errands.values().removeIf(Errand::gateway);
        unanswered.stream().filter(message -> !inProcess(message)).forEach(network::add);
    }

    /** In the end every gateway call does. */
    void endAll() {
        errands.values().stream()
                .filter(errand -> errand.hold != null && errand.gateway() && !errand.ending)
                .forEach(this::commit);
    }

    /** Gateway calls that were admitted and have not died. */
    List<ReservationId> admittedCalls() {
        return errands.values().stream()
                .filter(errand -> errand.hold != null && errand.gateway())
                .map(errand -> errand.proposal.id())
                .toList();
    }
}
