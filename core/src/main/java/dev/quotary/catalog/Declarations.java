package dev.quotary.catalog;

import dev.quotary.call.OrganizationKey;
import dev.quotary.limit.Limit;
import dev.quotary.limit.Scope;
import dev.quotary.meter.Meter;
import dev.quotary.meter.MeterKey;
import dev.quotary.price.PriceBook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything declared but subjects and keys, as of one moment. References between the parts are checked.
 *
 * @param prices what calls cost the operator
 * @param ownPrices what organizations are charged that have prices of their own
 */
public record Declarations(
        Map<MeterKey, Meter> meters,
        Map<PlanKey, Plan> plans,
        Map<OrganizationKey, Organization> organizations,
        PriceBook prices,
        Map<OrganizationKey, PriceBook> ownPrices) {
    /** With the price books of the organizations, laid over {@code prices}. */
    public Declarations(
            Map<MeterKey, Meter> meters,
            Map<PlanKey, Plan> plans,
            Map<OrganizationKey, Organization> organizations,
            PriceBook prices) {
        this(meters, plans, organizations, prices, books(organizations, prices));
    }

    private static Map<OrganizationKey, PriceBook> books(
            Map<OrganizationKey, Organization> organizations, PriceBook prices) {
        return organizations.values().stream()
                .filter(organization -> !organization.prices().none())
                .collect(Collectors.toMap(Organization::key, organization -> prices.with(organization.prices())));
    }

    public Declarations {
        ownPrices = Map.copyOf(ownPrices);
        meters = Map.copyOf(meters);
        plans = Map.copyOf(plans);
        organizations = Map.copyOf(organizations);
        for (var plan : plans.values()) {
            for (var limit : plan.limits()) {
                if (!limit.meter().builtIn() && !meters.containsKey(limit.meter())) {
                    throw new IllegalArgumentException("limit " + limit.key() + " of plan " + plan.key()
                            + " counts meter " + limit.meter() + ", which is not declared");
                }
            }
        }
        for (var organization : organizations.values()) {
            checkPlan(organization, organization.plan(), plans);
            checkPlan(organization, organization.anonymousPlan(), plans);
        }
    }

    /** What an organization is charged. */
    public PriceBook prices(OrganizationKey organization) {
        return ownPrices.getOrDefault(organization, prices);
    }

    private static void checkPlan(Organization organization, @Nullable PlanKey plan, Map<PlanKey, Plan> plans) {
        if (plan != null && !plans.containsKey(plan)) {
            throw new IllegalArgumentException(
                    "organization " + organization.key() + " has plan " + plan + ", which is not declared");
        }
    }

    /**
     * The limits that apply to calls of somebody under a plan: those of the plan, and those per organization of the organization's own
     * plan. Where both have a limit of the same key, the former counts.
     *
     * @param plan null for the organization's own
     */
    public List<Limit> limits(Organization organization, @Nullable PlanKey plan) {
        var own = organization.plan() == null ? null : plans.get(organization.plan());
        var theirs = plan == null ? own : plans.get(plan);
        var limits = new ArrayList<Limit>(theirs == null ? List.of() : theirs.limits());
        if (own != null && !own.equals(theirs)) {
            var taken = limits.stream().map(Limit::key).collect(Collectors.toSet());
            own.limits().stream()
                    .filter(limit -> limit.counted().scope() == Scope.ORGANIZATION && !taken.contains(limit.key()))
                    .forEach(limits::add);
        }
        return limits;
    }

    /** Whether a meter is a level; false for meters nobody declared. */
    public boolean level(MeterKey meter) {
        var declared = meters.get(meter);
        return declared != null && declared.level();
    }
}
