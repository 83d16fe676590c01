package dev.quotary.api.declare;

import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Declarations;
import dev.quotary.catalog.Organization;
import dev.quotary.catalog.Plan;
import dev.quotary.catalog.PlanKey;
import dev.quotary.catalog.Subject;
import dev.quotary.ledger.Recount;
import dev.quotary.limit.Counted;
import dev.quotary.limit.Limit;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds what begins to be counted by a change of declarations: things that somebody's new plan counts and his old one did not.
 *
 * <p>Use is posted to the counters of the limits that apply at the time. A counter that no limit of the caller asked for was never
 * moved, though the events are in the ledger: without a recount a new limit would start at 0 and admit what was used already once more.
 * The same holds where the calendar of an organization changes, as its windows begin at other instants.
 */
final class Gains {
    private final Catalog catalog;
    private final Declarations before;
    private final Declarations after;
    private final boolean samePlans;
    private final Instant now;
    private final Set<Recount> recounts = new LinkedHashSet<>();

    /** A subject's plan, or an organization's, before and after. */
    private record Move(@Nullable PlanKey from, @Nullable PlanKey to) {}

    private Gains(Catalog catalog, Declarations after, Instant now) {
        this.catalog = catalog;
        this.before = catalog.declarations();
        this.samePlans = before.plans().equals(after.plans());
        this.after = after;
        this.now = now;
    }

    /**
     * What must be counted anew.
     *
     * @param catalog as it is before the change
     * @param changed subjects as they will be; those that are deleted as if nobody had declared them
     */
    static Set<Recount> of(
            Catalog catalog, Declarations after, Collection<Subject> changed, Instant now, Retired retired) {
        var gains = new Gains(catalog, after, now);
        var byOrganization = changed.stream().collect(Collectors.groupingBy(Subject::organization));
        for (var organization : after.organizations().values()) {
            var older = gains.before.organizations().get(organization.key());
            var subjects = byOrganization.getOrDefault(organization.key(), List.of());
            if (older != null) {
                gains.organization(older, organization, subjects);
            } else if (retired.has(organization.key())) {
                gains.again(organization, subjects);
            }
            // Any other new organization has used nothing.
        }
        return gains.recounts;
    }

    private void organization(Organization older, Organization newer, Collection<Subject> changed) {
        var moves = new HashSet<Move>();
        moves.add(new Move(older.plan(), newer.plan()));
        moves.add(new Move(older.anonymousPlan(), newer.anonymousPlan()));
        Map<SubjectKey, Subject> subjects = new HashMap<>();
        // Those that stay as they are count something new only if what their plans count changes.
        if (!unmoved(older, newer)) {
            catalog.subjects(newer.key()).forEach(subject -> subjects.put(subject.key(), subject));
        }
        changed.forEach(subject -> subjects.put(subject.key(), subject));
        for (var subject : subjects.values()) {
            var known =
                    catalog.subject(newer.key(), subject.key()).orElse(Subject.undeclared(newer.key(), subject.key()));
            moves.add(new Move(plan(known, older), plan(subject, newer)));
        }
        boolean sameWindows = older.calendar().equals(newer.calendar());
        for (var move : moves) {
            var counted = counted(after, move.to);
            if (sameWindows) {
                counted.removeAll(counted(before, move.from));
            }
            counted.forEach(thing -> add(newer, thing));
        }
    }

    /** An organization that was deleted is there again: calls that ended after that were recorded, and counted by nobody. */
    private void again(Organization organization, Collection<Subject> subjects) {
        var plans = new HashSet<@Nullable PlanKey>();
        plans.add(organization.plan());
        plans.add(organization.anonymousPlan());
        subjects.forEach(subject -> plans.add(plan(subject, organization)));
        plans.forEach(plan -> counted(after, plan).forEach(thing -> add(organization, thing)));
    }

    private boolean unmoved(Organization older, Organization newer) {
        return samePlans && older.calendar().equals(newer.calendar()) && Objects.equals(older.plan(), newer.plan());
    }

    private static @Nullable PlanKey plan(Subject subject, Organization organization) {
        return subject.plan() == null ? organization.planFor(subject.key()) : subject.plan();
    }

    private static Set<Counted> counted(Declarations declared, @Nullable PlanKey key) {
        var counted = new HashSet<Counted>();
        if (key != null) {
            Plan plan = Objects.requireNonNull(declared.plans().get(key), "plans were checked");
            plan.limits().stream().map(Limit::counted).forEach(counted::add);
        }
        return counted;
    }

    private void add(Organization organization, Counted counted) {
        if (!counted.inFlight()) {
            counted.counting(now, organization.calendar())
                    .forEach(window -> recounts.add(new Recount(organization.key(), counted, window)));
        }
    }
}
