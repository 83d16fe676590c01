package dev.quotary.usage;

import dev.quotary.catalog.Binding;
import dev.quotary.catalog.Declarations;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Exceeded;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Limit;
import dev.quotary.limit.OnStoreFailure;
import dev.quotary.limit.Posting;
import dev.quotary.meter.Amounts;
import dev.quotary.queue.Turn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a call's amounts do to the counters of the limits that apply to it.
 *
 * <p>Limits that count the same share a counter, which is charged once, against all of their maxima.
 */
final class Charging {
    private final List<Binding> bindings;
    private final Amounts amounts;
    private final List<Charge> charges;
    /** For each binding, the index of its charge. */
    private final int[] chargeOf;

    private Charging(List<Binding> bindings, Amounts amounts, List<Charge> charges, int[] chargeOf) {
        this.bindings = bindings;
        this.amounts = amounts;
        this.charges = charges;
        this.chargeOf = chargeOf;
    }

    static Charging of(List<Binding> bindings, Amounts amounts) {
        var charges = new ArrayList<Charge>(bindings.size());
        int[] chargeOf = new int[bindings.size()];
        for (int i = 0; i < chargeOf.length; i++) {
            var limit = bindings.get(i).limit();
            var counter = bindings.get(i).counter();
            var charge = Charge.of(counter, amounts.of(limit.meter()), limit);
            int known = indexOf(counter, charges);
            if (known < 0) {
                chargeOf[i] = charges.size();
                charges.add(charge);
            } else {
                chargeOf[i] = known;
                charges.set(known, charges.get(known).within(charge));
            }
        }
        return new Charging(bindings, amounts, charges, chargeOf);
    }

    /** The limits of today as far as they are on counters that a hold has charged, which are in its own order. */
    static Charging of(List<Binding> bindings, Amounts amounts, List<Charge> charged) {
        var known = bindings.stream()
                .filter(binding -> indexOf(binding.counter(), charged) >= 0)
                .toList();
        int[] chargeOf = known.stream()
                .mapToInt(binding -> indexOf(binding.counter(), charged))
                .toArray();
        return new Charging(known, amounts, charged, chargeOf);
    }

    private static int indexOf(CounterKey counter, List<Charge> charges) {
        for (int i = 0; i < charges.size(); i++) {
            if (charges.get(i).counter().equals(counter)) {
                return i;
            }
        }
        return -1;
    }

    boolean allAllowWithoutStore() {
        return bindings.stream().allMatch(binding -> binding.limit().onStoreFailure() == OnStoreFailure.ALLOW);
    }

    Amounts amounts() {
        return amounts;
    }

    List<Charge> charges() {
        return charges;
    }

    List<CounterKey> counters() {
        return charges.stream().map(Charge::counter).toList();
    }

    /** Every limit as it stands, given levels in the order of the charges and whether these levels contain the amounts already. */
    List<LimitStatus> statuses(Levels levels, boolean granted, Instant now) {
        var statuses = new ArrayList<LimitStatus>(bindings.size());
        for (int i = 0; i < chargeOf.length; i++) {
            var binding = bindings.get(i);
            var limit = binding.limit();
            var past = levels.past(chargeOf[i]);
            long used = levels.used(chargeOf[i]);
            long held = levels.held(chargeOf[i]);
            boolean graceOver = limit.moving() && limit.leeway().graceOver(past, now);
            boolean violated = !granted
                    && !Charge.of(binding.counter(), amounts.of(limit.meter()), limit)
                            .fits(used, held, past, now);
            statuses.add(new LimitStatus(limit, binding.counter(), used, held, past, graceOver, violated));
        }
        return statuses;
    }

    /** Every limit as it stands when the call was refused: violated are those without room, and those whose room is another's. */
    List<LimitStatus> refused(Levels levels, Turn<CounterKey> turn, Instant now) {
        return statuses(levels, false, now).stream()
                .map(status -> behind(status.limit(), status.counter(), turn) ? status.withoutRoom() : status)
                .toList();
    }

    /** Whether somebody whose turn comes earlier waits for a counter that this call would wait for too. */
    boolean behind(Turn<CounterKey> turn) {
        return bindings.stream().anyMatch(binding -> behind(binding.limit(), binding.counter(), turn));
    }

    private boolean behind(Limit limit, CounterKey counter, Turn<CounterKey> turn) {
        return limit.exceeded().action() == Exceeded.Action.QUEUE
                && !limit.enforced().unlimited()
                && amounts.of(limit.meter()) > 0
                && turn.behind(AdmissionQueue.resource(counter));
    }

    /** Whether every limit has room beside what the levels say. */
    boolean fits(Levels levels, Instant now) {
        for (int i = 0; i < charges.size(); i++) {
            if (!charges.get(i).fits(levels.used(i), levels.held(i), levels.past(i), now)) {
                return false;
            }
        }
        return true;
    }

    /**
     * What committing the amounts posts: nothing for calls in flight and for amounts of 0.
     *
     * @param reported whether amounts of level meters are the new level, instead of a change of it
     */
    List<Posting> postings(Declarations declared, boolean reported) {
        var postings = new ArrayList<Posting>(charges.size());
        for (var charge : charges) {
            var counted = charge.counter().counted();
            if (counted.inFlight()) {
                continue;
            }
            if (reported && declared.level(counted.meter())) {
                if (amounts.quantities().others().containsKey(counted.meter())) {
                    postings.add(Posting.set(charge.counter(), charge.amount()));
                }
            } else if (charge.amount() > 0) {
                postings.add(Posting.add(charge.counter(), charge.amount()));
            }
        }
        return postings;
    }
}
