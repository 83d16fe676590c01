package dev.quotary.usage;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.call.Visitor;
import dev.quotary.catalog.Account;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Subject;
import dev.quotary.ledger.Move;
import dev.quotary.ledger.Moved;
import dev.quotary.ledger.Moves;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Limit;
import dev.quotary.limit.Scope;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Lets what an anonymous visitor has used count as an account's, once. Safe for many threads; blocks none.
 *
 * <p>What counts is what the visitor's events say in the windows that run for the account, by the account's own limits: also by those that
 * nobody counted for the visitor. The ledger keeps who was merged into whom, with the entries that raise the account's counters, in one
 * transaction; the visitor is blocked afterwards. Calls that the visitor still had running are settled as its own, and what they used is
 * moved then ({@link #rest}), so that the account begins with all of it whatever ends when.
 */
public final class Merging {
    private final Catalog catalog;
    private final Moves moves;
    private final InstantSource clock;

    public Merging(Catalog catalog, Moves moves, InstantSource clock) {
        this.catalog = catalog;
        this.moves = moves;
        this.clock = clock;
    }

    /**
     * Moves what a visitor has used and was not moved yet.
     *
     * @param by who does it: the id of an API key
     * @return what stands, which names another account if that was first; empty if there is no such account
     */
    public Optional<CompletionStage<Moved>> merge(
            OrganizationKey organization, SubjectKey visitor, SubjectKey into, String by) {
        var now = clock.instant();
        return catalog.account(organization, into, now)
                .map(account ->
                        moves.move(new Move(organization, visitor, into, counters(account, into, now), now, by)));
    }

    /**
     * Moves what a visitor's calls have used that ended after it was merged. Does nothing for anybody else.
     *
     * @return complete when it is done
     */
    public CompletionStage<Void> rest(OrganizationKey organization, SubjectKey visitor) {
        return moves.moved(organization, visitor)
                .thenCompose(moved -> moved.flatMap(known -> merge(organization, visitor, known.into(), known.by()))
                        .orElse(CompletableFuture.completedStage(null)))
                .thenAccept(_ -> {});
    }

    /** Whether a subject is a visitor who uses nothing any more, so that what it used may have to follow it. */
    public boolean ended(OrganizationKey organization, SubjectKey subject) {
        return Visitor.is(subject)
                && catalog.subject(organization, subject)
                        .filter(Subject::blocked)
                        .isPresent();
    }

    /** What was merged since an instant; for the start, which finishes what a dead process may have left. */
    public CompletionStage<List<Moved>> since(Instant from) {
        return moves.movedSince(from);
    }

    private List<CounterKey> counters(Account account, SubjectKey into, Instant now) {
        var organization = account.organization();
        return account.limits().stream()
                .map(Limit::counted)
                .filter(this::moves)
                .distinct()
                .flatMap(counted -> counted.counting(now, organization.calendar()).stream()
                        .map(window -> new CounterKey(organization.key(), counted, into.value(), window)))
                .toList();
    }

    /** Levels stay whose they are: an account does not store what a visitor stored. */
    private boolean moves(Counted counted) {
        return counted.scope() == Scope.SUBJECT
                && !counted.inFlight()
                && !catalog.declarations().level(counted.meter());
    }
}
