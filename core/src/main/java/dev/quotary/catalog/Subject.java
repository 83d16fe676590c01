package dev.quotary.catalog;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who uses.
 *
 * @param plan null for the organization's
 * @param blocked refused at once, whatever is left
 */
public record Subject(
        OrganizationKey organization,
        SubjectKey key,
        @Nullable String name,
        @Nullable PlanKey plan,
        List<LimitOverride> overrides,
        boolean blocked) {
    public Subject {
        overrides = List.copyOf(overrides);
    }

    /** A subject that nobody declared. */
    public static Subject undeclared(OrganizationKey organization, SubjectKey key) {
        return new Subject(organization, key, null, null, List.of(), false);
    }

    public Subject blocked(boolean nowBlocked) {
        return new Subject(organization, key, name, plan, overrides, nowBlocked);
    }
}
