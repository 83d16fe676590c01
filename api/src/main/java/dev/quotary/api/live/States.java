package dev.quotary.api.live;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.LimitKey;
import dev.quotary.limit.Scope;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Decision;
import dev.quotary.usage.LimitState;
import dev.quotary.usage.LimitStatus;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What state each limit was in when it was last looked at, and so which have changed. For one thread.
 *
 * <p>Limits are looked at when something was used or decided that they count. Those that are not simply fine are looked at again from time to
 * time: windows begin anew, holds end and operators help without any use.
 */
final class States {
    /** About 300 bytes each. Of one that was forgotten, the next state is told as if nothing were known of it. */
    static final int KNOWN_MAX = 20_000;

    private final Admissions admissions;
    private final Consumer<Words.Change> told;
    private final Map<Key, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
            return size() > KNOWN_MAX;
        }
    };

    /** A limit of somebody, whichever window is running. */
    private record Key(OrganizationKey organization, LimitKey limit, String counted, String scopeValue) {}

    private record Known(LimitState state, Asking asking) {}

    /** Whose limits are looked at. */
    record Asking(
            OrganizationKey organization,
            @Nullable SubjectKey subject,
            @Nullable KeyId key,
            @Nullable String session,
            @Nullable String workflow) {
        static Asking of(Call call) {
            var dimensions = call.dimensions();
            return new Asking(
                    call.organization(), call.subject(), call.key(), dimensions.session(), dimensions.workflow());
        }

        /** Whose limits a counter may belong to. */
        static Asking of(CounterKey counter) {
            boolean subject = counter.counted().scope() == Scope.SUBJECT;
            return new Asking(
                    counter.organization(), subject ? new SubjectKey(counter.scopeValue()) : null, null, null, null);
        }

        Call call() {
            return new Call(organization, subject, key, new Dimensions(null, null, null, session, workflow, Map.of()));
        }
    }

    States(Admissions admissions, Consumer<Words.Change> told) {
        this.admissions = admissions;
        this.told = told;
    }

    /** Looks at all limits of somebody. May block. */
    void look(Asking asking) {
        admissions.status(asking.call()).ifPresent(decision -> seen(asking, decision));
    }

    /** Takes from a decision how limits stand. A limit that refuses may stand as before: it had no room for this one call. */
    void seen(Asking asking, Decision decision) {
        for (var status : decision.limits()) {
            if (!status.violated()) {
                seen(asking, status);
            }
        }
    }

    private void seen(Asking asking, LimitStatus status) {
        var counter = status.counter();
        var key = new Key(counter.organization(), status.limit().key(), counter.text(), counter.scopeValue());
        var before = known.put(key, new Known(status.state(), asking));
        boolean changed = before == null ? status.state() != LimitState.OK : before.state() != status.state();
        if (changed) {
            boolean common = counter.counted().scope() == Scope.ORGANIZATION;
            told.accept(new Words.Change(
                    counter.organization(),
                    common ? null : asking.subject(),
                    Optional.ofNullable(before).map(Known::state),
                    status));
        }
    }

    /** Looks again at limits that were not fine: those of so many askers that were not looked at for longest. May block. */
    void lookAgain(int most) {
        var askers = new LinkedHashSet<Asking>();
        for (var entry : known.entrySet()) {
            if (askers.size() < most && entry.getValue().state() != LimitState.OK) {
                askers.add(entry.getValue().asking());
            }
        }
        askers.forEach(this::look);
    }

    void clear() {
        known.clear();
    }
}
