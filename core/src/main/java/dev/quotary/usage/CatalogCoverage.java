package dev.quotary.usage;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.call.Visitor;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Organization;
import dev.quotary.catalog.PlanKey;
import dev.quotary.catalog.Subject;
import dev.quotary.ledger.Coverage;
import dev.quotary.limit.Counted;
import dev.quotary.limit.Limit;
import dev.quotary.limit.Scope;
import dev.quotary.time.Window;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which sums the events determine, by what is declared now. Keeps what it worked out per organization, but nothing per subject; for one
 * thread and one comparison.
 */
public final class CatalogCoverage implements Coverage {
    private final Catalog catalog;
    private final Map<OrganizationKey, Plans> plans = new HashMap<>();

    public CatalogCoverage(Catalog catalog) {
        this.catalog = catalog;
    }

    /** What is counted under each plan that somebody of an organization has; null stands for having none. */
    private record Plans(Map<Optional<PlanKey>, Set<Counted>> counted, Set<Optional<PlanKey>> ofVisitors) {
        boolean all(Counted thing) {
            return counted.values().stream().allMatch(things -> things.contains(thing));
        }

        boolean visitors(Counted thing) {
            return ofVisitors.stream()
                    .allMatch(plan -> counted.getOrDefault(plan, Set.of()).contains(thing));
        }
    }

    @Override
    public Set<Counted> counted(OrganizationKey organization) {
        return plans(organization).counted().values().stream()
                .flatMap(Set::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Window window(OrganizationKey organization, Counted counted, Instant at) {
        return counted.window().at(at, declared(organization).orElseThrow().calendar());
    }

    @Override
    public boolean complete(OrganizationKey organization, Counted counted, String scopeValue) {
        if (counted.scope() == Scope.NETWORK) {
            return plans(organization).visitors(counted);
        }
        if (counted.scope() != Scope.SUBJECT) {
            return plans(organization).all(counted);
        }
        return planOf(organization, scopeValue)
                .map(plan -> plans(organization).counted().getOrDefault(plan, Set.of()))
                .filter(things -> things.contains(counted))
                .isPresent();
    }

    private Optional<Organization> declared(OrganizationKey organization) {
        return Optional.ofNullable(catalog.declarations().organizations().get(organization));
    }

    /** The plan of a subject, which may be none; empty for a subject that does not exist. */
    private Optional<Optional<PlanKey>> planOf(OrganizationKey organization, String subject) {
        var own = declared(organization).orElseThrow();
        return key(subject)
                .flatMap(key -> catalog.subject(organization, key)
                        .map(known -> Optional.ofNullable(known.plan() == null ? own.planFor(key) : known.plan()))
                        .or(() -> own.takes(key)
                                ? Optional.of(Optional.ofNullable(own.planFor(key)))
                                : Optional.empty()));
    }

    /** Empty for a text that no subject can have: what stands under it in the store is wrong whatever it is. */
    private static Optional<SubjectKey> key(String subject) {
        try {
            return Optional.of(new SubjectKey(subject));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private Plans plans(OrganizationKey organization) {
        return plans.computeIfAbsent(
                organization, key -> declared(key).map(this::plans).orElse(new Plans(Map.of(), Set.of())));
    }

    private Plans plans(Organization organization) {
        var counted = new HashMap<Optional<PlanKey>, Set<Counted>>();
        put(organization, organization.plan(), counted);
        var visitors = new HashSet<Optional<PlanKey>>();
        var anonymous = organization.anonymousPlan();
        if (anonymous != null) {
            put(organization, anonymous, counted);
        }
        visitors.add(Optional.ofNullable(anonymous == null ? organization.plan() : anonymous));
        for (Subject subject : catalog.subjects(organization.key())) {
            if (subject.plan() != null) {
                put(organization, subject.plan(), counted);
                if (Visitor.is(subject.key())) {
                    visitors.add(Optional.of(subject.plan()));
                }
            }
        }
        return new Plans(counted, visitors);
    }

    private void put(Organization organization, @Nullable PlanKey plan, Map<Optional<PlanKey>, Set<Counted>> counted) {
        counted.computeIfAbsent(Optional.ofNullable(plan), _ -> {
            var things = new HashSet<Counted>();
            for (Limit limit : catalog.declarations().limits(organization, plan)) {
                if (!limit.counted().inFlight()) {
                    things.add(limit.counted());
                }
            }
            return things;
        });
    }
}
