package dev.quotary.api.declare;

import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.LimitOverride;
import dev.quotary.catalog.Organization;
import dev.quotary.catalog.Plan;
import dev.quotary.catalog.PlanKey;
import dev.quotary.catalog.Subject;
import dev.quotary.http.Value;
import dev.quotary.limit.Limit;
import dev.quotary.limit.LimitKey;
import java.util.ArrayList;
import java.util.List;
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
        var overrides = overrides(fields.items("overrides"), plan);
        boolean blocked = fields.find("blocked").map(Value::bool).orElse(false);
        fields.done();
        return new Subject(organization.key(), key, name, plan, overrides, blocked);
    }

    private List<LimitOverride> overrides(List<Value> values, @Nullable PlanKey plan) {
        var overrides = new ArrayList<LimitOverride>();
        for (var value : values) {
            override(value, plan).ifPresent(overrides::add);
        }
        return overrides;
    }

    private Optional<LimitOverride> override(Value value, @Nullable PlanKey plan) {
        var fields = value.fields();
        var place = fields.need("limit");
        var key = place.as(LimitKey::new);
        var limit = limit(key, plan);
        var max = fields.need("max");
        var until = fields.find("until").map(Value::instant).orElse(null);
        var reason = fields.string("reason").orElse(null);
        fields.done();
        if (limit.isEmpty() && strict) {
            throw place.wrong("expected a limit of this subject's plan, was '" + key + "'");
        }
        return limit.map(known -> new LimitOverride(key, LimitReader.maximum(known.meter(), max), until, reason));
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
