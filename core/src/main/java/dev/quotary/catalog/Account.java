package dev.quotary.catalog;

import dev.quotary.call.Call;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Limit;
import dev.quotary.limit.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A subject of an organization with every limit that can apply to it, overrides included: what a decision needs to know.
 *
 * <p>Immutable but for a memo of the counters of the current windows, which spares the hot path the calendar. Safe for many threads:
 * entries of the memo are replaced as a whole, and each is checked against the time before use.
 */
public final class Account {
    private final Organization organization;
    private final @Nullable Subject subject;
    private final @Nullable Plan plan;
    private final List<Limit> limits;
    private final Instant validUntil;
    private final AtomicReferenceArray<@Nullable Binding> current;

    Account(
            Organization organization,
            @Nullable Subject subject,
            @Nullable Plan plan,
            List<Limit> limits,
            Instant validUntil) {
        this.organization = organization;
        this.subject = subject;
        this.plan = plan;
        this.limits = List.copyOf(limits);
        this.validUntil = validUntil;
        this.current = new AtomicReferenceArray<>(limits.size());
    }

    public Organization organization() {
        return organization;
    }

    /** Null where a call is made for the organization alone. */
    public @Nullable Subject subject() {
        return subject;
    }

    /** The plan of the subject, else of the organization; null where neither has one. */
    public @Nullable Plan plan() {
        return plan;
    }

    public List<Limit> limits() {
        return limits;
    }

    boolean validAt(Instant now) {
        return now.isBefore(validUntil);
    }

    public boolean blocked() {
        return subject != null && subject.blocked();
    }

    /** The limits that apply to a call of this account at an instant, each with its counter. */
    public List<Binding> bindings(Call call, Instant at) {
        var bindings = new ArrayList<Binding>(limits.size());
        for (int i = 0; i < limits.size(); i++) {
            var limit = limits.get(i);
            if (!limit.counted().filter().matches(call.dimensions())) {
                continue;
            }
            var scopeValue = limit.counted().scope().valueOf(call);
            if (scopeValue != null) {
                bindings.add(binding(i, limit, scopeValue, at));
            }
        }
        return bindings;
    }

    /** Every limit with a counter for this call's scopes, whatever its filter: for showing how limits stand. */
    public List<Binding> allBindings(Call call, Instant at) {
        var bindings = new ArrayList<Binding>(limits.size());
        for (int i = 0; i < limits.size(); i++) {
            var limit = limits.get(i);
            var scopeValue = limit.counted().scope().valueOf(call);
            if (scopeValue != null) {
                bindings.add(binding(i, limit, scopeValue, at));
            }
        }
        return bindings;
    }

    private Binding binding(int index, Limit limit, String scopeValue, Instant at) {
        var known = current.get(index);
        if (known != null
                && known.counter().window().contains(at)
                && known.counter().scopeValue().equals(scopeValue)) {
            return known;
        }
        var binding = new Binding(limit, counter(limit, scopeValue, at));
        if (limit.counted().scope() == Scope.ORGANIZATION || limit.counted().scope() == Scope.SUBJECT) {
            current.set(index, binding);
        }
        return binding;
    }

    private CounterKey counter(Limit limit, String scopeValue, Instant at) {
        var counted = limit.counted();
        var window = counted.windowAt(at, organization.calendar());
        var counter = new CounterKey(organization.key(), counted, scopeValue, window);
        if (limit.burst() == 0) {
            return counter;
        }
        var before = counted.window().at(window.start().minusNanos(1), organization.calendar());
        return new CounterKey(organization.key(), counted, scopeValue, window, counter.in(before));
    }
}
