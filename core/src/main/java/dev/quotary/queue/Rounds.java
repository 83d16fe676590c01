package dev.quotary.queue;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Lets the parties of one priority take turns.
 *
 * <p>Every guest gets a round when it comes: the one after its party's last, but no earlier one than is being served. Guests go by
 * round, so a party that sends a hundred calls at once has one turn in each round, like every other. The order of two guests is fixed
 * once both are there; an order that changed could let two of them wait for each other.
 */
final class Rounds<L, R> {
    /** Parties without a guest whose last round is remembered. Forgetting one costs a little fairness, and nothing else. */
    private static final int REMEMBERED_MAX = 10_000;

    private final TreeSet<Guest<L, R, ?>> guests = new TreeSet<>(Guest.ORDER);
    private final Map<String, Party> parties = new HashMap<>();

    private static final class Party {
        long lastRound = -1;
        int guests;
    }

    void join(Guest<L, R, ?> guest) {
        long serving = guests.isEmpty() ? 0 : guests.first().round;
        if (parties.size() >= REMEMBERED_MAX + guests.size()) {
            parties.values().removeIf(party -> party.guests == 0);
        }
        var party = parties.computeIfAbsent(guest.place.party(), _ -> new Party());
        party.lastRound = Math.max(serving, party.lastRound + 1);
        party.guests++;
        guest.round = party.lastRound;
        guests.add(guest);
    }

    /**
     * Takes a guest out.
     *
     * @param served whether its turn was used; if not, and it was its party's last, the party gets it back
     */
    void leave(Guest<L, R, ?> guest, boolean served) {
        guests.remove(guest);
        if (guests.isEmpty()) {
            parties.clear();
            return;
        }
        var party = parties.get(guest.place.party());
        if (party == null) {
            throw new IllegalStateException("a guest without its party: " + guest.place);
        }
        party.guests--;
        if (!served && party.lastRound == guest.round) {
            party.lastRound--;
        }
    }

    boolean empty() {
        return guests.isEmpty();
    }
}
