package dev.quotary.simulation;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.limit.Exceeded;
import dev.quotary.meter.MeterKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What operators declare: plans with some of the limits below, and changes of them. */
final class Changes {
    /** Of the organization's own plan, for every call. */
    private static final List<Rule> OF_ALL = List.of(
            Rule.of("org-requests", "requests/organization/day", 30),
            Rule.of("org-tokens", "tokens/organization/minute", 40).burst(20),
            Rule.of("org-sliding", "tokens/organization/sliding-minute", 50),
            Rule.of("org-gpt", "tokens.output/organization/hour/gpt-*", 20).closed(),
            Rule.of("org-seats", "seats/organization/lifetime", 9),
            Rule.of("org-graced", "requests/organization/hour", 9).grace(Duration.ofSeconds(100), 4),
            Rule.of("org-running", "requests/organization/in-flight", 6),
            Rule.of("org-cost", "cost/organization/month", 40 * Rule.UNITS_PER_DOLLAR)
                    .then(Exceeded.Action.OVERAGE, 5 * Rule.UNITS_PER_DOLLAR));

    /** Of a subject's plan. */
    private static final List<Rule> OF_ONE = List.of(
            Rule.of("tokens-minute", "tokens/subject/minute", 25),
            Rule.of("tokens-hour", "tokens/subject/hour", 60).burst(20),
            Rule.of("tokens-hour-soft", "tokens/subject/hour", 30).then(Exceeded.Action.SHADOW, 0),
            Rule.of("output-sliding", "tokens.output/subject/sliding-minute", 9),
            Rule.of("requests-sliding", "requests/subject/sliding-hour", 10).then(Exceeded.Action.THROTTLE, 4),
            Rule.of("input-day", "tokens.input/subject/day/gpt-5", 40).closed(),
            Rule.of("requests-week", "requests/subject/week", 12),
            Rule.of("requests-key", "requests/key/hour", 9),
            Rule.of("session-tokens", "tokens/session/lifetime", 70),
            Rule.of("files", "kb_file/subject/lifetime", 8).then(Exceeded.Action.OVERAGE, 3),
            Rule.of("seats", "seats/subject/lifetime", 6),
            Rule.of("cost-period", "cost/subject/billing-period", 20 * Rule.UNITS_PER_DOLLAR),
            Rule.of("graced-minute", "tokens/subject/minute", 20).grace(Duration.ofSeconds(9), Rule.UNLIMITED),
            Rule.of("graced-period", "requests/subject/billing-period", 8)
                    .then(Exceeded.Action.OVERAGE, 5)
                    .grace(Duration.ofHours(2), 5),
            Rule.of("running", "requests/subject/in-flight", 3));

    private static final List<String> PLANS = List.of("free", "pro");

    private final Fate fate;

    Changes(Fate fate) {
        this.fate = fate;
    }

    Rules first(OrganizationKey organization) {
        Map<String, List<Rule>> plans = new HashMap<>();
        var team = new ArrayList<>(some(OF_ALL));
        team.addAll(some(OF_ONE));
        plans.put(Rules.TEAM, team);
        PLANS.forEach(plan -> plans.put(plan, some(OF_ONE)));
        var people = Map.of(
                "ada", new Rules.Person("free", false, Map.of()), "bob", new Rules.Person("pro", false, Map.of()));
        return new Rules(1, organization, plans, people);
    }

    private List<Rule> some(List<Rule> all) {
        return all.stream()
                .filter(_ -> fate.oneIn(2))
                .map(rule -> rule.max(amount(rule)))
                .toList();
    }

    private long amount(Rule rule) {
        long usual = rule.maximum() == Rule.UNLIMITED ? 10 * unit(rule) : rule.maximum();
        return switch (fate.below(8)) {
            case 0 -> Rule.UNLIMITED;
            case 1 -> 0;
            case 2, 3 -> usual / 2 / unit(rule) * unit(rule);
            case 4 -> usual * 3;
            default -> usual;
        };
    }

    private static long unit(Rule rule) {
        return rule.counted().meter().equals(MeterKey.COST) ? Rule.UNITS_PER_DOLLAR : 1;
    }

    /** One change. */
    Rules next(Rules rules, Instant now) {
        var name = fate.pick(List.of("ada", "bob"));
        var person = rules.people().get(name);
        if (person == null) {
            throw new IllegalStateException(name + " is always declared");
        }
        return switch (fate.below(8)) {
            case 0 -> rules.with(name, person.blocked(!person.blocked()));
            case 1, 2 -> rules.with(name, person.plan(fate.pick(Arrays.asList("free", "pro", Rules.TEAM, null))));
            case 3 -> raised(rules, name, person, now);
            default -> plan(rules);
        };
    }

    private Rules raised(Rules rules, String name, Rules.Person person, Instant now) {
        var limits = rules.limits(new SubjectKey(name), now);
        if (limits.isEmpty()) {
            return plan(rules);
        }
        var rule = fate.pick(limits);
        var until = fate.oneIn(2) ? null : Instant.ofEpochSecond(now.getEpochSecond() + 1 + fate.below(300));
        return rules.with(name, person.raised(rule.key(), new Rules.Raise(amount(rule), until)));
    }

    /** Limits are raised, lowered, added and taken away. */
    private Rules plan(Rules rules) {
        var plan = fate.oneIn(2) ? Rules.TEAM : fate.pick(PLANS);
        var limits = new ArrayList<>(rules.plans().getOrDefault(plan, List.of()));
        var rule = fate.pick(plan.equals(Rules.TEAM) && fate.oneIn(2) ? OF_ALL : OF_ONE);
        boolean there = limits.removeIf(known -> known.key().equals(rule.key()));
        if (!there || fate.oneIn(2)) {
            limits.add(rule.max(amount(rule)));
        }
        return rules.with(plan, limits);
    }
}
