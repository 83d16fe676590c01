package dev.quotary.catalog;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything declared, ready for decisions. Safe for many threads: readers never wait, changes are seen by the next reader.
 *
 * <p>Accounts are resolved on first use and kept until something they depend on changes. Which limits apply: those per organization
 * of the organization's own plan, to every call; and all limits of the subject's plan, which is the organization's where the subject
 * has none, or the one for anonymous visitors where it is one. Where both plans have a limit of the same key, the subject's counts.
 */
public final class Catalog {
    private volatile State state;
    private volatile Freshness freshness = Freshness.ALONE;
    private final Map<OrganizationKey, Map<SubjectKey, Subject>> subjects = new ConcurrentHashMap<>();
    private final Map<AccountKey, Resolved> accounts = new ConcurrentHashMap<>();
    private volatile Runnable listener = () -> {};
    private final Passages postings = new Passages();

    /** Accounts kept ready at most; beyond, they are resolved anew. */
    private static final int ACCOUNTS_MAX = 1_000_000;

    /** A posting takes a millisecond, a batch of ten thousand less than a second. */
    private static final long POSTING_SECONDS_MAX = 60;

    private record AccountKey(
            OrganizationKey organization, @Nullable SubjectKey subject) {}

    /** Declarations with a number that grows with every change. */
    private record State(Declarations declarations, long version) {}

    /** An account and the version it was made from: an account made from older declarations is never used. */
    private record Resolved(Account account, long version) {}

    public Catalog(Declarations declarations) {
        this.state = new State(declarations, 0);
    }

    /** Says how this catalog follows what other processes change; once, before it is used. */
    public void follow(Freshness others) {
        freshness = others;
    }

    public Freshness freshness() {
        return freshness;
    }

    public Declarations declarations() {
        return state.declarations();
    }

    /** Has somebody told after every change; one at most. What is called must not block. */
    public void onChange(Runnable told) {
        listener = told;
    }

    /** Puts new declarations in the place of the old ones, at once for every decision that begins afterwards. */
    public synchronized void declare(Declarations newer) {
        state = new State(newer, state.version() + 1);
        accounts.clear();
        listener.run();
    }

    /** Adds subjects, or replaces those of the same key. */
    public void put(Collection<Subject> changed) {
        for (var subject : changed) {
            subjects.computeIfAbsent(subject.organization(), _ -> new ConcurrentHashMap<>())
                    .put(subject.key(), subject);
            accounts.remove(new AccountKey(subject.organization(), subject.key()));
        }
        listener.run();
    }

    /** Takes subjects out: from now on they are as if nobody had declared them. */
    public void remove(Collection<Subject> gone) {
        for (var subject : gone) {
            subjects.getOrDefault(subject.organization(), Map.of()).remove(subject.key());
            accounts.remove(new AccountKey(subject.organization(), subject.key()));
        }
        listener.run();
    }

    /**
     * Posts use by what is declared: reads the catalog, and hands what came of it to the ledger. Between both, {@link #awaitPostings}
     * waits for it.
     */
    public <T> T posting(Supplier<T> step) {
        return postings.pass(step::get);
    }

    /**
     * Waits until every {@link #posting} that may have read older declarations is through; what is handed to the ledger afterwards has
     * been posted by the present ones. Without it, a recount could miss a commit that is on its way.
     *
     * @throws IllegalStateException if one does not end
     */
    public void awaitPostings() {
        if (!postings.await(POSTING_SECONDS_MAX)) {
            throw new IllegalStateException("a posting did not end within " + POSTING_SECONDS_MAX + " s");
        }
    }

    /** A declared subject. */
    public Optional<Subject> subject(OrganizationKey organization, SubjectKey key) {
        return Optional.ofNullable(subjects.getOrDefault(organization, Map.of()).get(key));
    }

    /** The declared subjects of an organization, in no order. */
    public Collection<Subject> subjects(OrganizationKey organization) {
        return subjects.getOrDefault(organization, Map.of()).values();
    }

    /**
     * What a decision for a subject needs to know.
     *
     * @param subject null for a call on behalf of the organization alone
     * @return empty if there is no such organization, or it does not take subjects that nobody declared
     */
    public Optional<Account> account(OrganizationKey organization, @Nullable SubjectKey subject, Instant now) {
        var current = state;
        var key = new AccountKey(organization, subject);
        var known = accounts.get(key);
        if (known != null
                && known.version() == current.version()
                && known.account().validAt(now)) {
            return Optional.of(known.account());
        }
        return resolve(current, key, now);
    }

    /**
     * As {@link #account}, for use that was admitted already: a subject that was deleted since, of an organization that takes declared ones
     * only, is charged under the organization's plan. What it used counts for the organization all the same.
     *
     * @return empty if there is no such organization
     */
    public Optional<Account> charged(OrganizationKey organization, @Nullable SubjectKey subject, Instant now) {
        var known = account(organization, subject, now);
        if (known.isPresent() || subject == null) {
            return known;
        }
        var declared = declarations();
        return Optional.ofNullable(declared.organizations().get(organization))
                .map(own -> account(declared, own, Subject.undeclared(organization, subject), now));
    }

    private Optional<Account> resolve(State current, AccountKey key, Instant now) {
        var organization = current.declarations().organizations().get(key.organization());
        if (organization == null) {
            return Optional.empty();
        }
        var subject = key.subject() == null ? null : subjectOf(organization, key.subject());
        if (subject == null && key.subject() != null) {
            return Optional.empty();
        }
        var account = account(current.declarations(), organization, subject, now);
        if (accounts.size() < ACCOUNTS_MAX) {
            accounts.put(key, new Resolved(account, current.version()));
            // A subject changed since it was read above has removed this entry already or not yet: never keep the older
            // one.
            if (subject != null && !subject.equals(subjectOf(organization, subject.key()))) {
                accounts.remove(key);
            }
        }
        return Optional.of(account);
    }

    private @Nullable Subject subjectOf(Organization organization, SubjectKey key) {
        return subject(organization.key(), key)
                .orElseGet(() -> organization.takes(key) ? Subject.undeclared(organization.key(), key) : null);
    }

    private static Account account(
            Declarations declared, Organization organization, @Nullable Subject subject, Instant now) {
        var planKey = planOf(organization, subject);
        var plan = plan(declared, planKey);
        var limits = declared.limits(organization, planKey);
        // The subject's own come last, so that they stand.
        var overrides = new ArrayList<>(organization.overrides());
        overrides.addAll(subject == null ? List.of() : subject.overrides());
        var validUntil = Instant.MAX;
        for (var override : overrides) {
            if (override.active(now)) {
                limits.replaceAll(
                        limit -> limit.key().equals(override.limit()) ? limit.withMaximum(override.maximum()) : limit);
                var until = override.until();
                validUntil = until != null && until.isBefore(validUntil) ? until : validUntil;
            }
        }
        return new Account(organization, subject, plan, limits, validUntil);
    }

    private static @Nullable PlanKey planOf(Organization organization, @Nullable Subject subject) {
        if (subject == null) {
            return organization.plan();
        }
        return subject.plan() == null ? organization.planFor(subject.key()) : subject.plan();
    }

    private static @Nullable Plan plan(Declarations declared, @Nullable PlanKey key) {
        return key == null ? null : declared.plans().get(key);
    }
}
