package dev.quotary.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Windows contain the instant they are asked for and tile time, whatever people did to their clocks. */
class WindowProperties {
    private static final Instant FROM = Instant.parse("1970-01-02T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("2040-01-01T00:00:00Z");
    private static final List<WindowSpec> SPECS = Stream.of("minute", "hour", "day", "week", "month", "billing-period")
            .map(WindowSpec::parse)
            .toList();
    /** Usual changes of an hour and of half an hour, changes at midnight, an offset of 5:45, a day that was skipped, and none. */
    private static final List<String> ZONES = List.of(
            "Europe/Berlin",
            "America/New_York",
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "America/Sao_Paulo",
            "Africa/Cairo",
            "Pacific/Apia",
            "America/St_Johns",
            "UTC");

    @Test
    void windows_tile_time_at_random_instants() {
        for (long seed = 1; seed <= 200; seed++) {
            var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            for (var zone : ZONES) {
                var calendar = anyCalendar(ZoneId.of(zone), random);
                var at = FROM.plusNanos(
                        random.nextLong(Duration.between(FROM, UNTIL).toNanos()));
                for (var spec : SPECS) {
                    assertTiles(spec, calendar, at, seed);
                }
            }
        }
    }

    @Test
    void windows_tile_time_around_every_change_of_every_zone() {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        var seen = new HashSet<ZoneRules>();
        for (var id : ZoneId.getAvailableZoneIds().stream().sorted().toList()) {
            var zone = ZoneId.of(id);
            if (seen.add(zone.getRules())) {
                var calendar = anyCalendar(zone, random);
                for (var change : changes(zone.getRules())) {
                    for (var at : around(change, random)) {
                        SPECS.forEach(spec -> assertTiles(spec, calendar, at, 7));
                    }
                }
            }
        }
        assertThat(seen).hasSizeGreaterThan(100);
    }

    private static void assertTiles(WindowSpec spec, WindowCalendar calendar, Instant at, long seed) {
        var where = spec.key() + " of " + calendar + " at " + at + ", seed " + seed;
        var window = spec.at(at, calendar);
        assertThat(window.contains(at))
                .describedAs("%s contains, %s", window, where)
                .isTrue();
        assertThat(spec.at(window.start(), calendar))
                .describedAs("at its start, %s", where)
                .isEqualTo(window);
        assertThat(spec.at(window.end().minusNanos(1), calendar))
                .describedAs("at its last instant, %s", where)
                .isEqualTo(window);
        assertThat(spec.at(window.end(), calendar).start())
                .describedAs("the next, %s", where)
                .isEqualTo(window.end());
        assertThat(spec.at(window.start().minusNanos(1), calendar).end())
                .describedAs("the one before, %s", where)
                .isEqualTo(window.start());
    }

    private static WindowCalendar anyCalendar(ZoneId zone, RandomGenerator random) {
        var anchor = LocalDate.ofEpochDay(random.nextInt(25_000));
        return new WindowCalendar(zone, DayOfWeek.of(1 + random.nextInt(7)), anchor);
    }

    private static List<ZoneOffsetTransition> changes(ZoneRules rules) {
        var changes = new ArrayList<ZoneOffsetTransition>();
        var next = rules.nextTransition(FROM);
        while (next != null && next.getInstant().isBefore(UNTIL)) {
            changes.add(next);
            next = rules.nextTransition(next.getInstant());
        }
        return changes;
    }

    private static List<Instant> around(ZoneOffsetTransition change, RandomGenerator random) {
        var at = change.getInstant();
        return List.of(at.minusNanos(1), at, at.plusSeconds(random.nextLong(-90_000, 90_000)));
    }
}
