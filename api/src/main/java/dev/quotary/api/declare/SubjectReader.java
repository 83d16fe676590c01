package dev.quotary.api.declare;

import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Organization;
import dev.quotary.catalog.Plan;
import dev.quotary.catalog.PlanKey;
import dev.quotary.catalog.Subject;
import dev.quotary.http.Value;
import dev.quotary.limit.Limit;
import dev.quotary.limit.LimitKey;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a subject of one organization as plans files write it. */
final class SubjectReader {
    private final Organization organization;
    private final Map<PlanKey, Plan> plans;
    private final boolean strict;

    /** @param strict whether an override of a limit that no plan of the subject has is an error; else it is left out */
    SubjectReader(Organization organization, Map<PlanKey, Plan> plans, boolean strict) {
        this.organization = organization;
        this.plans = plans;
        this.strict = strict;
    }

    Subject read(Value value) {
        var fields = value.fields();
        var key = fields.need("key").as(SubjectKey::new);
        var name = fields.string("name").orElse(null);
        var plan = OrganizationReader.plan(fields, "plan", plans);
        var overrides = new OverrideReader(limit -> limit(limit, plan), "this subject's plan", strict)
                .read(fields.items("overrides"));
        boolean blocked = fields.find("blocked").map(Value::bool).orElse(false);
        fields.done();
        return new Subject(organization.key(), key, name, plan, overrides, blocked);
    }

    /** The limit of a key in the plans whose limits can apply to the subject. */
    private Optional<Limit> limit(LimitKey key, @Nullable PlanKey own) {
        return Stream.of(Optional.ofNullable(own), Optional.ofNullable(organization.plan()))
                .flatMap(Optional::stream)
                .map(plan -> Objects.requireNonNull(plans.get(plan), "plans were checked"))
                .flatMap(plan -> plan.limits().stream())
                .filter(limit -> limit.key().equals(key))
                .findFirst();
    }
}
