package dev.quotary.testkit;

import static dev.quotary.testkit.Holds.ORGANIZATION;

import dev.quotary.call.ReservationId;
import dev.quotary.limit.Admission;
import dev.quotary.limit.Charge;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Limiter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plays a {@link Scenario} against a limiter. The clock begins at the start of 2026 in UTC and moves by {@code advance} alone.
 *
 * <pre>
 * limit    METER/WINDOW[/SCOPE] MAXIMUM|unlimited
 * reserve  ID [by WHOM] [for SECONDSs] LIMIT AMOUNT ...  -> granted | repeated | denied LIMIT ... | mismatch | closed
 * extend   ID [by WHOM] [for SECONDSs] LIMIT AMOUNT ...  -> granted | denied LIMIT ... | closed    in the windows of the reservation
 * settle   ID [by WHOM] LIMIT [=]AMOUNT ...              -> done       with '=', the amount is the new level
 * release  ID                                            -> released | nothing
 * find     ID                                            -> live | expired | nothing
 * correct  LIMIT [by WHOM] AMOUNT                        -> done
 * used     LIMIT [by WHOM]                               -> AMOUNT
 * held     LIMIT [by WHOM]                               -> AMOUNT
 * advance  SECONDSs
 * </pre>
 */
public final class LimiterPlayer implements Scenario.Player {
    private final Limiter limiter;
    private final Map<String, Rule> rules = new HashMap<>();
    private final Map<String, Hold> holds = new HashMap<>();
    private Instant now = Holds.START;

    private record Rule(Counted counted, long maximum) {}

    /** What a step says, taken apart. */
    private record Step(String name, @Nullable String whom, Duration ttl, List<String> amounts) {
        static Step of(List<String> words) {
            String whom = null;
            var ttl = Holds.TTL;
            var rest = new ArrayList<String>();
            for (int i = 2; i < words.size(); i++) {
                switch (words.get(i)) {
                    case "by" -> whom = words.get(++i);
                    case "for" -> ttl = seconds(words.get(++i));
                    default -> rest.add(words.get(i));
                }
            }
            return new Step(words.get(1), whom, ttl, rest);
        }

        ReservationId id() {
            return ReservationId.named(ORGANIZATION, name);
        }
    }

    public LimiterPlayer(Limiter limiter) {
        this.limiter = limiter;
    }

    @Override
    public String play(List<String> words) {
        var step = Step.of(words);
        return switch (words.getFirst()) {
            case "limit" -> declare(step);
            case "reserve" -> reserve(step);
            case "extend" -> extend(step);
            case "settle" -> settle(step);
            case "release" -> limiter.release(ORGANIZATION, step.id(), now).isPresent() ? "released" : "nothing";
            case "find" -> find(step);
            case "correct" -> correct(step);
            case "used" -> Long.toString(level(step).used(0));
            case "held" -> Long.toString(level(step).held(0));
            case "advance" -> advance(step);
            default -> throw new IllegalArgumentException("unknown step: " + words);
        };
    }

    private String declare(Step step) {
        var parts = step.name().split("/", -1);
        var scope = parts.length > 2 ? Scope.valueOf(parts[2].toUpperCase(Locale.ROOT)) : Scope.ORGANIZATION;
        var counted = new Counted(new MeterKey(parts[0]), Filter.ALL, scope, WindowSpec.parse(parts[1]));
        var maximum = step.amounts().getFirst();
        rules.put(
                step.name(), new Rule(counted, maximum.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(maximum)));
        return "";
    }

    private String reserve(Step step) {
        var proposal = hold(step, now);
        var answer = limiter.reserve(proposal, now);
        if (answer instanceof Admission.Granted granted) {
            holds.put(step.name(), granted.hold());
        }
        return show(answer, proposal, step);
    }

    private String extend(Step step) {
        var larger = hold(step, admittedAt(step));
        return show(limiter.extend(larger, now), larger, step);
    }

    private Hold hold(Step step, Instant at) {
        var charges = new ArrayList<Charge>();
        for (int i = 0; i < step.amounts().size(); i += 2) {
            var limit = step.amounts().get(i);
            long amount = Long.parseLong(step.amounts().get(i + 1));
            charges.add(new Charge(
                    counter(limit, step.whom(), at), amount, rule(limit).maximum()));
        }
        var hold = Holds.hold(step.id(), at, Duration.between(at, now).plus(step.ttl()), charges);
        return new Hold(
                hold.id(),
                hold.call(),
                hold.amounts(),
                hold.charges(),
                hold.admittedAt(),
                hold.expiresAt(),
                hold.origin(),
                step.amounts().hashCode());
    }

    private String settle(Step step) {
        var postings = new ArrayList<Posting>();
        for (int i = 0; i < step.amounts().size(); i += 2) {
            var counter = counter(step.amounts().get(i), step.whom(), admittedAt(step));
            var amount = step.amounts().get(i + 1);
            boolean level = amount.startsWith("=");
            postings.add(new Posting(counter, Long.parseLong(level ? amount.substring(1) : amount), level));
        }
        limiter.settle(ORGANIZATION, step.id(), postings, now);
        return "done";
    }

    private String find(Step step) {
        return limiter.find(ORGANIZATION, step.id(), now)
                .map(hold -> hold.expired(now) ? "expired" : "live")
                .orElse("nothing");
    }

    private String correct(Step step) {
        limiter.correct(
                counter(step.name(), step.whom(), now),
                Long.parseLong(step.amounts().getFirst()));
        return "done";
    }

    private Levels level(Step step) {
        return limiter.levels(ORGANIZATION, List.of(counter(step.name(), step.whom(), now)), now);
    }

    private String advance(Step step) {
        now = now.plus(seconds(step.name()));
        return "";
    }

    private Instant admittedAt(Step step) {
        var hold = holds.get(step.name());
        return hold == null ? now : hold.admittedAt();
    }

    private CounterKey counter(String limit, @Nullable String whom, Instant at) {
        var counted = rule(limit).counted();
        if (counted.scope() == Scope.ORGANIZATION) {
            return Holds.counter(counted, ORGANIZATION.value(), at);
        }
        if (whom == null) {
            throw new IllegalArgumentException("expected 'by WHOM' for " + limit);
        }
        return Holds.counter(counted, whom, at);
    }

    private Rule rule(String limit) {
        var rule = rules.get(limit);
        if (rule == null) {
            throw new IllegalArgumentException("no limit " + limit);
        }
        return rule;
    }

    private static String show(Admission answer, Hold asked, Step step) {
        return switch (answer) {
            case Admission.Granted granted -> granted.repeated() ? "repeated" : "granted";
            case Admission.Denied denied -> "denied" + withoutRoom(denied.levels(), asked.charges(), step);
            case Admission.Mismatch _ -> "mismatch";
            case Admission.Closed _ -> "closed";
        };
    }

    private static String withoutRoom(Levels levels, List<Charge> charges, Step step) {
        var names = new StringBuilder();
        for (int i = 0; i < charges.size(); i++) {
            if (!charges.get(i).fits(levels.used(i), levels.held(i))) {
                names.append(' ').append(step.amounts().get(2 * i));
            }
        }
        return names.toString();
    }

    private static Duration seconds(String text) {
        if (!text.endsWith("s")) {
            throw new IllegalArgumentException("expected seconds such as 60s, was " + text);
        }
        return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
    }
}
