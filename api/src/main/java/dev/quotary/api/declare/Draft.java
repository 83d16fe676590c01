package dev.quotary.api.declare;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.catalog.Catalog;
import dev.quotary.catalog.Declarations;
import dev.quotary.catalog.LimitOverride;
import dev.quotary.catalog.Organization;
import dev.quotary.catalog.Plan;
import dev.quotary.catalog.PlanKey;
import dev.quotary.catalog.Subject;
import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Value;
import dev.quotary.limit.Scope;
import dev.quotary.meter.Meter;
import dev.quotary.meter.MeterKey;
import dev.quotary.price.Adjustment;
import dev.quotary.price.PriceBook;
import dev.quotary.price.PriceRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What will be in force once some items are laid over what is. Reading changes nothing, so a file with a mistake anywhere has no
 * effect. For one thread.
 */
final class Draft {
    /** Begins the names of the operator's own price rows. */
    private static final String OWN = "own";

    private final Map<MeterKey, Meter> meters;
    private final Map<PlanKey, Plan> plans;
    private final Map<OrganizationKey, Organization> organizations;
    private final Map<String, PriceRow> prices;
    private final Map<String, Adjustment> adjustments;
    private Optional<PriceRow> unknownModels;
    private final List<Subject> subjects = new ArrayList<>();
    private final List<Subject> removedSubjects = new ArrayList<>();
    private final Map<PlanKey, Plan> removedPlans = new HashMap<>();
    private boolean onlySubjects = true;
    private final List<Warning> warnings = new ArrayList<>();
    private final Declarations before;
    private final boolean strict;

    private Draft(Declarations before, PriceLayer prices, boolean strict) {
        this.before = before;
        this.meters = new HashMap<>(before.meters());
        this.plans = new HashMap<>(before.plans());
        this.organizations = new HashMap<>(before.organizations());
        this.prices = new TreeMap<>(prices.rows());
        this.adjustments = new TreeMap<>(prices.adjustments());
        this.unknownModels = prices.unknownModels();
        this.strict = strict;
    }

    /**
     * Reads items.
     *
     * @param prices the operator's own in force
     * @param strict false for items that were checked when they were stored
     * @throws InvalidInputException naming the place, if an item cannot be accepted
     */
    static Draft of(List<Item> items, Declarations before, PriceLayer prices, boolean strict) {
        var draft = new Draft(before, prices, strict);
        for (var kind : Kind.values()) {
            for (var item : items) {
                if (item.name().kind() == kind) {
                    draft.read(item);
                }
            }
        }
        if (strict) {
            items.forEach(draft::agree);
        }
        return draft;
    }

    private void agree(Item item) {
        if (item.name().kind() == Kind.METER) {
            var meter = meters.get(new MeterKey(item.name().key()));
            if (meter != null) {
                MeterReader.agree(item.value(), meter, meters.values());
            }
        }
    }

    private void read(Item item) {
        var value = item.value();
        onlySubjects &= item.name().kind() == Kind.SUBJECT;
        switch (item.name().kind()) {
            case METER -> meter(value, MeterReader.read(value));
            case PLAN -> {
                var plan = PlanReader.read(value, meters, warnings);
                warnIfOpened(value, plan, plans.put(plan.key(), plan));
            }
            case ORGANIZATION -> {
                var organization = OrganizationReader.read(value, plans, strict);
                organizations.put(organization.key(), organization);
                warnIfOpen(value, organization);
            }
            case SUBJECT -> subjects.add(subject(item, strict));
            case PRICE -> prices.put(item.name().key(), PriceReader.read(value, OWN));
            case PRICE_ADJUSTMENT -> adjustments.put(item.name().key(), AdjustmentReader.read(value));
            case UNKNOWN_MODELS -> unknownModels = Optional.of(PriceReader.readUnknown(value, OWN));
        }
    }

    /** Without a limit per network, whoever clears the browser has all of the allowance again. */
    private void warnIfOpen(Value value, Organization organization) {
        var plan = organization.anonymousPlan() == null ? null : plans.get(organization.anonymousPlan());
        if (plan != null && !capsNetworks(plan)) {
            warnings.add(Warning.at(
                    value.fields().need("anonymous_plan"),
                    "plan '" + plan.key()
                            + "' has no limit per network: a visitor who clears the browser begins anew"));
        }
    }

    /** Of a plan that visitors have already; of one that they are given in the same file the organization tells. */
    private void warnIfOpened(Value value, Plan plan, @Nullable Plan older) {
        boolean opened = older != null && capsNetworks(older) && !capsNetworks(plan);
        if (opened
                && before.organizations().values().stream()
                        .anyMatch(organization -> plan.key().equals(organization.anonymousPlan()))) {
            warnings.add(
                    Warning.at(
                            value,
                            "plan '" + plan.key()
                                    + "' of anonymous visitors has no limit per network any more: one who clears the browser begins anew"));
        }
    }

    private static boolean capsNetworks(Plan plan) {
        return plan.limits().stream().anyMatch(limit -> limit.counted().scope() == Scope.NETWORK);
    }

    /** Leaves something out; what refers to it is for the caller to look after. */
    void remove(Item.Name name) {
        onlySubjects &= name.kind() == Kind.SUBJECT;
        switch (name.kind()) {
            case METER -> meters.remove(new MeterKey(name.key()));
            case PLAN -> {
                var key = new PlanKey(name.key());
                Optional.ofNullable(plans.remove(key)).ifPresent(plan -> removedPlans.put(key, plan));
            }
            case ORGANIZATION -> organizations.remove(new OrganizationKey(name.key()));
            case SUBJECT ->
                removedSubjects.add(
                        Subject.undeclared(new OrganizationKey(name.organization()), new SubjectKey(name.key())));
            case PRICE -> prices.remove(name.key());
            case PRICE_ADJUSTMENT -> adjustments.remove(name.key());
            case UNKNOWN_MODELS -> unknownModels = Optional.empty();
        }
    }

    private void meter(Value value, Meter meter) {
        var older = meters.put(meter.key(), meter);
        if (older != null) {
            MeterReader.keepMeaning(value, meter, older);
        }
    }

    private Subject subject(Item item, boolean overridesChecked) {
        var organization = Objects.requireNonNull(
                organizations.get(new OrganizationKey(item.name().organization())),
                "a subject stands within its organization");
        return new SubjectReader(organization, plans, overridesChecked).read(item.value());
    }

    /**
     * Reads organizations and subjects anew that are stored and not part of the file, because the plans or organizations that their
     * overrides refer to may have changed.
     */
    void reread(List<Item> stored) {
        for (var kind : List.of(Kind.ORGANIZATION, Kind.SUBJECT)) {
            stored.stream().filter(item -> item.name().kind() == kind).forEach(this::reread);
        }
    }

    private void reread(Item item) {
        try {
            if (item.name().kind() == Kind.ORGANIZATION) {
                var organization = OrganizationReader.read(item.value(), plans, false);
                organizations.put(organization.key(), organization);
                warnIfLess(organization.overrides(), item);
            } else {
                var subject = subject(item, false);
                subjects.add(subject);
                warnIfLess(subject.overrides(), item);
            }
        } catch (InvalidInputException e) {
            throw new InvalidInputException("", 0, who(item) + " does not fit the changed plans: " + e.located());
        }
    }

    private void warnIfLess(List<LimitOverride> overrides, Item item) {
        if (overrides.size() < item.value().fields().items("overrides").size()) {
            warnings.add(new Warning(
                    "", 0, who(item) + " overrides a limit that its plan does not have; the override has no effect"));
        }
    }

    private static String who(Item item) {
        var name = item.name();
        return name.kind() == Kind.ORGANIZATION
                ? "organization '" + name.key() + "'"
                : "subject '" + name.key() + "' of organization '" + name.organization() + "'";
    }

    Declarations declarations(PriceBook builtIn) {
        return onlySubjects ? before : new Declarations(meters, plans, organizations, book(builtIn));
    }

    /** A catalog of its own, with everything that another has and this changes. */
    Catalog over(Catalog catalog, PriceBook builtIn) {
        var other = new Catalog(declarations(builtIn));
        organizations.keySet().forEach(key -> other.put(catalog.subjects(key)));
        other.put(subjects);
        other.remove(removedSubjects);
        return other;
    }

    /**
     * As {@link #declarations}, with the plans still in it that are left out; empty if there is none. A subject that leaves such a plan
     * in the same step is without limits in no moment.
     */
    Optional<Declarations> withRemovedPlans(PriceBook builtIn) {
        if (removedPlans.isEmpty()) {
            return Optional.empty();
        }
        var all = new HashMap<>(plans);
        all.putAll(removedPlans);
        var meant = new HashMap<>(meters);
        before.meters().forEach(meant::putIfAbsent);
        return Optional.of(new Declarations(meant, all, organizations, book(builtIn)));
    }

    private PriceBook book(PriceBook builtIn) {
        var own = prices().prices();
        return own.none() ? builtIn : builtIn.with(own);
    }

    /** Whether nothing changes but subjects. */
    boolean onlySubjects() {
        return onlySubjects;
    }

    Map<PlanKey, Plan> plans() {
        return plans;
    }

    Map<OrganizationKey, Organization> organizations() {
        return organizations;
    }

    /** Subjects that are left out, as they are once nobody declares them. */
    List<Subject> removedSubjects() {
        return removedSubjects;
    }

    PriceLayer prices() {
        return new PriceLayer(prices, adjustments, unknownModels);
    }

    List<Subject> subjects() {
        return subjects;
    }

    List<Warning> warnings() {
        return warnings;
    }
}
