package dev.quotary.api.query;

import dev.quotary.http.InvalidInputException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRulesException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads query parameters, and says what is wrong with them. */
final class QueryParameters {
    private final Queried queried;

    QueryParameters(Queried queried) {
        this.queried = queried;
    }

    /** @param known the names there are, but for those in brackets behind {@code prefix} */
    void refuseUnknown(Set<String> known, String prefix) {
        for (var name : queried.names()) {
            if (!known.contains(name) && !(name.startsWith(prefix + "[") && name.endsWith("]"))) {
                throw wrong(name, "is not known here");
            }
        }
    }

    Set<String> names() {
        return queried.names();
    }

    List<String> all(String name) {
        return queried.all(name);
    }

    /** Values with commas between them. */
    List<String> list(String name) {
        return queried.all(name).stream()
                .flatMap(text -> Stream.of(text.split(",", -1)))
                .filter(text -> !text.isBlank())
                .map(String::strip)
                .toList();
    }

    <T> Optional<T> read(String name, Function<String, T> reader) {
        return queried.one(name).map(text -> checked(name, () -> reader.apply(text)));
    }

    interface Step<T> {
        T run();
    }

    static <T> T checked(String name, Step<T> step) {
        try {
            return step.run();
        } catch (IllegalArgumentException | DateTimeException e) {
            throw wrong(name, String.valueOf(e.getMessage()));
        }
    }

    int number(String name, int otherwise, int max) {
        return queried.one(name)
                .map(text -> whole(text)
                        .filter(number -> number >= 1 && number <= max)
                        .orElseThrow(
                                () -> wrong(name, "expected a whole number of 1.." + max + ", was '" + text + "'")))
                .orElse(otherwise);
    }

    private static Optional<Integer> whole(String text) {
        try {
            return Optional.of(Integer.valueOf(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    Optional<ZoneId> zone(String name) {
        return queried.one(name).map(text -> {
            try {
                return ZoneId.of(text);
            } catch (ZoneRulesException e) {
                throw wrong(name, "there is no time zone '" + text + "'");
            } catch (DateTimeException e) {
                throw wrong(name, "expected a time zone such as Europe/Berlin");
            }
        });
    }

    /** A date, which is its midnight in the zone, or a time with its offset. */
    Optional<Instant> instant(String name, ZoneId zone) {
        return read(name, text -> Moments.inQuery(text, zone));
    }

    static InvalidInputException wrong(String name, String what) {
        return InvalidInputException.inQuery(name, what);
    }
}
