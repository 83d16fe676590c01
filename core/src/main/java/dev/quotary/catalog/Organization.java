package dev.quotary.catalog;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.call.Visitor;
import dev.quotary.price.OwnPrices;
import dev.quotary.time.WindowCalendar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tenant: the wall between customers.
 *
 * @param plan of the organization itself (its limits per organization apply to every call) and default of its subjects; null for none
 * @param anonymousPlan of anonymous visitors; null where there are none
 * @param unknownSubjects whether a subject that nobody declared is made on the fly under {@code plan}
 * @param unpricedModels what becomes of calls of models without a price
 * @param overrides changes of limits for all of its subjects, and of its own; a subject's own override goes before
 * @param prices what it is charged, where that is not what its calls cost the operator
 */
public record Organization(
        OrganizationKey key,
        String name,
        WindowCalendar calendar,
        @Nullable PlanKey plan,
        @Nullable PlanKey anonymousPlan,
        boolean unknownSubjects,
        UnpricedModels unpricedModels,
        List<LimitOverride> overrides,
        OwnPrices prices) {
    public Organization {
        overrides = List.copyOf(overrides);
    }

    /** The plan of a subject that has none of its own; null for none. */
    public @Nullable PlanKey planFor(SubjectKey subject) {
        return anonymousPlan != null && Visitor.is(subject) ? anonymousPlan : plan;
    }

    /**
     * Whether a subject is known that nobody declared: visitors are where there is a plan for them. They never get the plan of others, which may
     * allow ten times as much.
     */
    public boolean takes(SubjectKey undeclared) {
        return Visitor.is(undeclared) ? anonymousPlan != null : unknownSubjects;
    }

    /** An organization that overrides nothing and has no prices of its own. */
    public Organization(
            OrganizationKey key,
            String name,
            WindowCalendar calendar,
            @Nullable PlanKey plan,
            @Nullable PlanKey anonymousPlan,
            boolean unknownSubjects,
            boolean unpricedModels) {
        this(
                key,
                name,
                calendar,
                plan,
                anonymousPlan,
                unknownSubjects,
                unpricedModels ? UnpricedModels.ALLOW : UnpricedModels.REFUSE,
                List.of(),
                OwnPrices.NONE);
    }
}
