package dev.quotary.testkit;

import dev.quotary.limit.Counted;
import dev.quotary.limit.Exceeded;
import dev.quotary.limit.Exceeded.Action;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Limit;
import dev.quotary.limit.LimitKey;
import dev.quotary.limit.Maximum;
import dev.quotary.limit.OnStoreFailure;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the words of a step of an {@link AdmissionPlayer}. */
final class LimitWords {
    private static final Set<String> NAMED = Set.of("by", "for", "burst", "beyond", "grace", "delay", "wait");

    private LimitWords() {}

    /**
     * A step taken apart.
     *
     * @param named values behind the words that announce them
     * @param rest other words, in their order
     */
    record Step(String name, Map<String, String> named, List<String> rest) {
        static Step of(List<String> words) {
            var named = new HashMap<String, String>();
            var rest = new ArrayList<String>();
            for (int i = 2; i < words.size(); i++) {
                if (NAMED.contains(words.get(i))) {
                    named.put(words.get(i), words.get(++i));
                } else {
                    rest.add(words.get(i));
                }
            }
            return new Step(words.get(1), named, rest);
        }

        String whom() {
            return Optional.ofNullable(named.get("by"))
                    .orElseThrow(() -> new IllegalArgumentException("expected 'by WHOM' for " + name));
        }

        Optional<Duration> seconds(String word) {
            return Optional.ofNullable(named.get(word)).map(LimitWords::duration);
        }

        Optional<Long> number(String word) {
            return Optional.ofNullable(named.get(word)).map(Long::parseLong);
        }
    }

    static Duration duration(String text) {
        if (!text.endsWith("s")) {
            throw new IllegalArgumentException("expected seconds such as 60s, was " + text);
        }
        return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
    }

    /** A limit that warns at no threshold. */
    static Limit limit(Step step) {
        var parts = step.rest().getFirst().split("/", -1);
        var scope = parts.length > 2 ? Scope.valueOf(parts[2].toUpperCase(Locale.ROOT)) : Scope.SUBJECT;
        var counted = new Counted(new MeterKey(parts[0]), Filter.ALL, scope, WindowSpec.parse(parts[1]));
        var action =
                step.rest().size() > 2 ? Action.valueOf(step.rest().get(2).toUpperCase(Locale.ROOT)) : Action.BLOCK;
        var exceeded = new Exceeded(
                action,
                OptionalInt.empty(),
                step.seconds("wait").orElse(Duration.ZERO),
                step.number("beyond").map(OptionalLong::of).orElse(OptionalLong.empty()),
                step.seconds("grace").orElse(Duration.ZERO),
                step.seconds("delay").orElse(Duration.ZERO));
        return new Limit(
                new LimitKey(step.name()),
                counted,
                new Maximum(Long.parseLong(step.rest().get(1))),
                step.number("burst").orElse(0L),
                List.of(),
                exceeded,
                OnStoreFailure.ALLOW);
    }
}
