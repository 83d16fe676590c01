package dev.quotary.gateway;

import dev.quotary.call.Call;
import dev.quotary.call.Ids;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.meter.Amounts;
import dev.quotary.price.ModelLimits;
import dev.quotary.price.ModelNames;
import dev.quotary.provider.RequestFacts;
import dev.quotary.queue.Turn;
import dev.quotary.usage.AdmissionQueue;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Decision;
import dev.quotary.usage.LimitStatus;
import dev.quotary.usage.Proposal;
import dev.quotary.usage.Reserved;
import dev.quotary.usage.Tariff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;

/**
 * Asks for admission of a chat call, and finds the largest output that fits where the call names none.
 *
 * <p>A call without a cap on its output could write as much as its model can. Where the limits have no room for that much, the largest
 * cap that fits is put into the request, so that what is held stays an upper bound. A cap that the caller named is never changed.
 */
final class Admitting {
    /** Life of a gateway hold; of a stream that lasts longer it is renewed. A restart settles what was running, see Interruptions. */
    static final Duration TTL = Duration.ofHours(1);
    /** Output of models whose own maximum is not known; always put into the request, so that it is a bound. */
    private static final long OUTPUT_TOKENS_MAX = 32_768;
    /** Less output than this is no answer: the call is refused instead. */
    private static final long OUTPUT_TOKENS_MIN = 16;
    /** How often the cap is made smaller when others take the room meanwhile. */
    private static final int ATTEMPTS_MAX = 3;

    private final Admissions admissions;
    private final Tariff tariff;
    private final ModelLimits modelLimits;
    private final Ids ids;
    private final InstantSource clock;

    Admitting(Admissions admissions, Tariff tariff, ModelLimits modelLimits, Ids ids, InstantSource clock) {
        this.admissions = admissions;
        this.tariff = tariff;
        this.modelLimits = modelLimits;
        this.ids = ids;
        this.clock = clock;
    }

    /** What came of it, and the cap to put into the request, if any. */
    record Outcome(Reserved reserved, OptionalLong outputCap) {}

    /** Whether {@link #admit} never waits. */
    boolean immediate() {
        return admissions.immediate();
    }

    /** Gives back what was admitted for nothing. May wait. */
    void giveBack(Hold hold) {
        var _ = admissions.release(hold.call().organization(), hold.id());
    }

    /** Says what the call is answered. */
    void told(Call call, Reserved reserved) {
        admissions.told(call, reserved);
    }

    /** Where calls wait that are refused for now. */
    AdmissionQueue queue() {
        return admissions.queue();
    }

    /** Asks for a call that has not waited. */
    Outcome admit(Call call, String provider, RequestFacts facts) {
        return search(call, provider, facts, admissions::reserve);
    }

    /** Asks for a call that waits. */
    Outcome admit(Call call, String provider, RequestFacts facts, Turn<CounterKey> turn) {
        return search(call, provider, facts, proposal -> admissions.reserve(proposal, turn));
    }

    /** Whether a call that was refused could be admitted if its text were counted. */
    boolean closer(Call call, RequestFacts facts, Reserved reserved) {
        if (!(reserved instanceof Reserved.Decided(Decision decision))
                || decision.verdict().allowed()) {
            return false;
        }
        var bound = bound(call, facts.withInput(Counting.least(facts.input())), clock.instant());
        return Counting.mayHelp(decision, bound.at(facts.output().perChoiceMax().orElse(OUTPUT_TOKENS_MIN)));
    }

    /** Holds more output for a call that is running, and holds it for as long again. May wait. */
    Reserved extend(Hold hold, RequestFacts facts, long moreTokens) {
        var bound = bound(hold.call(), facts, hold.admittedAt());
        long output = hold.amounts().quantities().tokensOutput() + moreTokens;
        long perChoice = Math.ceilDiv(output, facts.output().choices());
        var more = moreTokens == 0 ? Amounts.NONE : bound.beyond(hold.amounts(), perChoice);
        return admissions.extend(hold, more, TTL);
    }

    /** Asks for an admitted call to go to another provider or model instead; what is held for it stays if that has no room. */
    Outcome redirect(Hold hold, String provider, RequestFacts facts) {
        var asked = hold.call();
        var call = new Call(
                asked.organization(),
                asked.subject(),
                asked.key(),
                asked.dimensions().at(provider, facts.model()));
        return search(
                call,
                provider,
                facts,
                proposal -> admissions.redirect(hold, call, proposal.amounts(), proposal.priced()));
    }

    private Bound bound(Call call, RequestFacts facts, Instant at) {
        var provider = call.dimensions().provider();
        return Bound.of(facts, model -> tariff.find(call.organization(), provider, model, at));
    }

    private interface Reserving {
        Reserved reserve(Proposal proposal);
    }

    /** Everything that stays the same while the cap is looked for. */
    private record Search(Call call, Bound bound, Reserving reserving) {}

    private Outcome search(Call call, String provider, RequestFacts facts, Reserving reserving) {
        var bound = bound(call, facts, clock.instant());
        var search = new Search(call, bound, reserving);
        var own = facts.output().perChoiceMax();
        if (own.isPresent()) {
            return new Outcome(reserve(search, own.getAsLong()), OptionalLong.empty());
        }
        var known = modelLimits.outputTokensMax(ModelNames.requested(provider, facts.model()));
        long most = known.orElse(OUTPUT_TOKENS_MAX);
        var reserved = reserve(search, most);
        var cap = known.isPresent() ? OptionalLong.empty() : OptionalLong.of(most);
        long tried = most;
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            if (!(reserved instanceof Reserved.Decided(Decision decision))
                    || decision.verdict().allowed()) {
                return new Outcome(reserved, cap);
            }
            long fits = outputThatFits(decision, bound, most);
            if (fits < OUTPUT_TOKENS_MIN && !AdmissionQueue.mayWait(reserved)) {
                fits = outputToWaitFor(decision, bound, most);
            }
            if (fits < OUTPUT_TOKENS_MIN || (fits == tried && attempt > 0)) {
                return new Outcome(reserved, cap);
            }
            reserved = reserve(search, fits);
            cap = OptionalLong.of(fits);
            tried = fits;
        }
        return new Outcome(reserved, cap);
    }

    private Reserved reserve(Search search, long outputPerChoice) {
        var bound = search.bound();
        return search.reserving()
                .reserve(new Proposal(
                        ids.next(),
                        search.call(),
                        bound.at(outputPerChoice),
                        bound.priced(),
                        TTL,
                        Hold.Origin.GATEWAY,
                        0));
    }

    private static long outputThatFits(Decision decision, Bound bound, long most) {
        long fits = most;
        for (LimitStatus status : decision.violations()) {
            fits = Math.min(fits, bound.outputThatFits(status.limit(), status.room(), most));
        }
        return fits;
    }

    /** As {@link #outputThatFits}, once limits that let calls wait have all their room: whether to wait is asked with that. */
    private static long outputToWaitFor(Decision decision, Bound bound, long most) {
        long fits = most;
        for (LimitStatus status : decision.violations()) {
            long room = status.queues() ? status.most() : status.room();
            fits = Math.min(fits, bound.outputThatFits(status.limit(), room, most));
        }
        return fits;
    }
}
