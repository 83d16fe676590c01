package dev.quotary.limit;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Port: decides and holds. Implementations are safe for concurrent use by many threads, and every method is one atomic step.
 *
 * <p>An adapter brings the numbers, {@link Charge#fits} decides; so every adapter decides alike. What it must know of a charge's counter:
 * <ul>
 *   <li>committed use and outstanding holds. A counter of a sliding window is a slice, and what counts is the sum over all slices of
 *       {@link CounterKey#whole} that count at the moment of the decision ({@link Slices}); a hold is in the slice of its admission.
 *       For more on an extended hold there must be room in every stretch over its slice ({@link Slices#peak});
 *   <li>{@link Past#before}: used and held of {@link CounterKey#previous}, where there is one;
 *   <li>{@link Past#exceededAt}: it is set to {@code now} by the step that grants a charge which {@link Charge#beginsGrace}.
 * </ul>
 *
 * <p>For every counter, {@code used + held} is at most what its charge allows at the moment of every grant. Committed use may go beyond
 * it, as the truth about a call is known only afterwards. Every method throws {@link StoreUnavailableException} if the answer is unknown;
 * the caller may repeat it with the same id.
 */
public interface Limiter {
    /**
     * Whether every answer comes at once, out of this process. Where it does not, every method blocks for as long as a store takes: never
     * call it on a thread that must not wait.
     */
    default boolean immediate() {
        return true;
    }

    /**
     * Holds every charge, or none of them.
     *
     * <p>Of two callers racing for the last unit one is denied. Repeating a call with the id and fingerprint of a live hold returns
     * that hold and holds nothing more.
     *
     * @param proposal at most one charge per counter; expires after {@code now}
     * @param now drives expiry; never before an instant that was given earlier
     */
    Admission reserve(Hold proposal, Instant now);

    /**
     * As {@link #reserve(Hold, Instant)}, where the store also keeps the declarations that charges are made from.
     *
     * @param declared the version of the declarations that these charges were made from, at least
     * @throws DeclarationsChangedException if the store has newer ones; nothing was decided
     */
    default Admission reserve(Hold proposal, Instant now, long declared) {
        return reserve(proposal, now);
    }

    /**
     * Decides as {@link #reserve} does, without its store: by what is known in this process, and with a hold that ends with it. For
     * limits whose operator lets calls pass while the store does not answer; the limits still hold as far as this process knows.
     *
     * @return empty if nothing can be decided without the store
     */
    Optional<Admission> reserveUnkept(Hold proposal, Instant now);

    /**
     * Replaces a live hold by another one with the same id, that is larger or longer or on other counters: what it holds more is taken on
     * every counter and what it does not hold any more is given back, or the old hold stays as it was.
     *
     * @return {@link Admission.Closed} if there is no live hold of that id
     */
    Admission extend(Hold larger, Instant now);

    /** Gives a hold back, an expired one too. Empty if there is none (any more); repeating is harmless. */
    Optional<Hold> release(OrganizationKey organization, ReservationId id, Instant now);

    /** The hold of an id: live, or expired and kept for a late commit ({@link Hold#expired} tells). */
    Optional<Hold> find(OrganizationKey organization, ReservationId id, Instant now);

    /**
     * Applies what the ledger has durably recorded: drops the hold, if it still lives, and moves committed use.
     *
     * <p>Called once per recorded event, in the ledger's order; the ledger, not the limiter, keeps an event from counting twice.
     */
    void settle(OrganizationKey organization, ReservationId id, List<Posting> postings, Instant now);

    /** Sets committed use to what the ledger says: at the start, after a change of limits, and by the reconciler. */
    void correct(CounterKey counter, long used);

    /**
     * Sets when the grace of a counter began, to what the ledger says.
     *
     * @param at null for not (any more)
     */
    void exceeded(CounterKey counter, @Nullable Instant at);

    /** Use and holds of an organization's counters, as of one moment. Unknown counters are at 0. */
    Levels levels(OrganizationKey organization, List<CounterKey> counters, Instant now);

    /**
     * Has a listener told of every counter that gets room: where a hold is released, settled, expired or made smaller, or use is
     * corrected. One listener at most; set before the limiter is used. That time opens a new window is not told.
     *
     * @return false if room may also appear without being told, as where other processes decide on the same counters; whoever waits
     *     has to ask again by itself then
     */
    default boolean tellRoom(RoomListener listener) {
        return false;
    }
}
