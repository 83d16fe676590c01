package dev.quotary.simulation;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.limit.Counted;
import dev.quotary.limit.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is declared, as of one version: plans, subjects and overrides of one organization. Immutable.
 *
 * @param version tells which declarations a catalog has, as the organization is named after it
 * @param plans limits by plan; {@link #TEAM} is the organization's own
 */
record Rules(int version, OrganizationKey organization, Map<String, List<Rule>> plans, Map<String, Person> people) {
    static final String TEAM = "team";

    Rules {
        plans = new TreeMap<>(plans);
        people = new TreeMap<>(people);
    }

    /**
     * A declared subject.
     *
     * @param plan null for the organization's
     * @param raised another maximum by limit
     */
    record Person(@Nullable String plan, boolean blocked, Map<String, Raise> raised) {
        Person plan(@Nullable String other) {
            return new Person(other, blocked, Map.of());
        }

        Person blocked(boolean now) {
            return new Person(plan, now, raised);
        }

        Person raised(String limit, Raise raise) {
            return new Person(plan, blocked, Map.of(limit, raise));
        }
    }

    /** An override. */
    record Raise(long maximum, @Nullable Instant until) {}

    Rules with(String plan, List<Rule> limits) {
        var changed = new HashMap<>(plans);
        changed.put(plan, List.copyOf(limits));
        var left = new HashMap<>(people);
        left.replaceAll((_, person) -> person.raised().keySet().stream()
                        .allMatch(key -> limits(person.plan(), changed).stream()
                                .anyMatch(rule -> rule.key().equals(key)))
                ? person
                : person.plan(person.plan()));
        return new Rules(version + 1, organization, changed, left);
    }

    Rules with(String name, Person person) {
        var changed = new HashMap<>(people);
        changed.put(name, person);
        return new Rules(version + 1, organization, plans, changed);
    }

    /** What differs from other rules. */
    String differences(Rules other) {
        var text = new StringBuilder();
        plans.forEach((key, limits) -> {
            if (!limits.equals(other.plans.get(key))) {
                text.append(key).append(' ').append(limits).append("; ");
            }
        });
        people.forEach((key, person) -> {
            if (!person.equals(other.people.get(key))) {
                text.append(key).append(' ').append(person).append("; ");
            }
        });
        return text.toString();
    }

    @Nullable Person person(@Nullable SubjectKey subject) {
        return subject == null ? null : people.get(subject.value());
    }

    boolean blocked(@Nullable SubjectKey subject) {
        var person = person(subject);
        return person != null && person.blocked();
    }

    /** The limits that can apply to a subject, as they are at an instant. */
    List<Rule> limits(@Nullable SubjectKey subject, Instant now) {
        var person = person(subject);
        var limits = new ArrayList<>(limits(person == null ? null : person.plan(), plans));
        if (person != null) {
            person.raised().forEach((key, raise) -> {
                if (raise.until() == null || now.isBefore(raise.until())) {
                    limits.replaceAll(rule -> rule.key().equals(key) ? rule.max(raise.maximum()) : rule);
                }
            });
        }
        return limits;
    }

    private static List<Rule> limits(@Nullable String plan, Map<String, List<Rule>> plans) {
        var own = plans.getOrDefault(TEAM, List.of());
        if (plan == null || plan.equals(TEAM)) {
            return own;
        }
        var limits = new ArrayList<>(plans.getOrDefault(plan, List.of()));
        var taken = limits.stream().map(Rule::key).collect(Collectors.toSet());
        own.stream()
                .filter(rule -> rule.counted().scope() == Scope.ORGANIZATION && !taken.contains(rule.key()))
                .forEach(limits::add);
        return limits;
    }

    /** What is counted for anybody. */
    Set<Counted> counted() {
        var counted = new LinkedHashSet<Counted>();
        plans.values().forEach(limits -> limits.forEach(rule -> counted.add(rule.counted())));
        return counted;
    }

    /** What is counted for somebody for whom it was not counted under the other rules. */
    Set<Counted> gains(Rules before, List<SubjectKey> subjects) {
        var gains = new LinkedHashSet<Counted>();
        var all = new ArrayList<@Nullable SubjectKey>(subjects);
        all.add(null);
        for (var subject : all) {
            var known = before.counted(subject);
            counted(subject).stream().filter(thing -> !known.contains(thing)).forEach(gains::add);
        }
        return gains;
    }

    private Set<Counted> counted(@Nullable SubjectKey subject) {
        return limits(subject, Instant.EPOCH).stream().map(Rule::counted).collect(Collectors.toSet());
    }

    /** The plans file. */
    String json() {
        var meters = "[{\"key\":\"kb_file\",\"aggregation\":\"sum\"},{\"key\":\"seats\",\"aggregation\":\"latest\"}]";
        var plansJson = plans.entrySet().stream()
                .map(plan -> "{\"key\":\"" + plan.getKey() + "\",\"limits\":"
                        + plan.getValue().stream().map(Rule::json).collect(LIST) + "}")
                .collect(LIST);
        var subjects = people.entrySet().stream()
                .map(person -> json(person.getKey(), person.getValue()))
                .collect(LIST);
        return "{\"meters\":" + meters + ",\"plans\":" + plansJson + ",\"organizations\":[{\"key\":\"" + organization
                + "\",\"name\":\"v" + version + "\",\"plan\":\"" + TEAM
                + "\",\"unpriced_models\":\"allow\",\"subjects\":" + subjects + "}]}";
    }

    private static final java.util.stream.Collector<CharSequence, ?, String> LIST = Collectors.joining(",", "[", "]");

    private String json(String name, Person person) {
        var limits = limits(person.plan(), plans);
        var overrides = person.raised().entrySet().stream()
                .map(entry -> json(entry.getKey(), entry.getValue(), limits))
                .collect(LIST);
        return "{\"key\":\"" + name + "\",\"blocked\":" + person.blocked() + ",\"overrides\":" + overrides
                + (person.plan() == null ? "" : ",\"plan\":\"" + person.plan() + "\"") + "}";
    }

    private static String json(String limit, Raise raise, List<Rule> limits) {
        var rule = limits.stream()
                .filter(known -> known.key().equals(limit))
                .findFirst()
                .orElseThrow();
        return "{\"limit\":\"" + limit + "\",\"max\":" + rule.amount(raise.maximum())
                + (raise.until() == null ? "" : ",\"until\":\"" + raise.until() + "\"") + "}";
    }
}
