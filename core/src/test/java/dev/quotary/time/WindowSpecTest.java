package dev.quotary.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowSpecTest {
    @Test
    void day_has_23_hours_in_spring_and_25_in_autumn() {
        // When
        var spring = window("day", "Europe/Berlin", "2026-03-29T12:00:00Z");
        var autumn = window("day", "Europe/Berlin", "2026-10-25T12:00:00Z");
        // Then
        assertThat(spring).isEqualTo(between("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"));
        assertThat(autumn).isEqualTo(between("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"));
    }

    @Test
    void hour_that_comes_twice_is_two_windows() {
        // When
        var first = window("hour", "Europe/Berlin", "2026-10-25T00:30:00Z");
        var second = window("hour", "Europe/Berlin", "2026-10-25T01:30:00Z");
        // Then
        assertThat(first).isEqualTo(between("2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"));
        assertThat(second).isEqualTo(between("2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"));
    }

    @Test
    void change_by_half_an_hour_ends_an_hour_early() {
        // When: on Lord Howe clocks go back from 2:00 to 1:30.
        var cut = window("hour", "Australia/Lord_Howe", "2026-04-04T15:10:00Z");
        // Then
        assertThat(cut).isEqualTo(between("2026-04-04T15:00:00Z", "2026-04-04T15:30:00Z"));
    }

    @Test
    void hours_follow_the_clock_where_it_is_a_quarter_off() {
        // When
        var hour = window("hour", "Asia/Kathmandu", "2026-01-01T00:00:00Z");
        // Then
        assertThat(hour).isEqualTo(between("2025-12-31T23:15:00Z", "2026-01-01T00:15:00Z"));
    }

    @Test
    void day_without_a_midnight_begins_an_hour_later() {
        // When: in São Paulo clocks went from 0:00 to 1:00.
        var day = window("day", "America/Sao_Paulo", "2018-11-04T12:00:00Z");
        // Then
        assertThat(day).isEqualTo(between("2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"));
    }

    /** In St. John's clocks went back from 0:01 to 23:01: the last hour of the old date came again after the new one had begun. */
    @Test
    void hour_of_the_old_date_behind_midnight_belongs_to_the_new_day() {
        // When
        var before = window("day", "America/St_Johns", "2010-11-07T02:29:59Z");
        var again = window("day", "America/St_Johns", "2010-11-07T03:00:00Z");
        // Then
        assertThat(before.end()).isEqualTo("2010-11-07T02:30:00Z");
        assertThat(again).isEqualTo(between("2010-11-07T02:30:00Z", "2010-11-08T03:30:00Z"));
    }

    @Test
    void day_that_was_skipped_has_no_window() {
        // When: Samoa had no 30 December 2011.
        var before = window("day", "Pacific/Apia", "2011-12-30T09:59:59Z");
        var after = window("day", "Pacific/Apia", "2011-12-30T10:00:00Z");
        // Then
        assertThat(before).isEqualTo(between("2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"));
        assertThat(after).isEqualTo(between("2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"));
    }

    @Test
    void week_begins_on_its_day() {
        // Given
        var sunday = new WindowCalendar(ZoneId.of("UTC"), DayOfWeek.SUNDAY, LocalDate.EPOCH);
        // When
        var iso = window("week", "UTC", "2026-07-29T12:00:00Z");
        var other = WindowSpec.parse("week").at(Instant.parse("2026-07-29T12:00:00Z"), sunday);
        // Then
        assertThat(iso).isEqualTo(between("2026-07-27T00:00:00Z", "2026-08-03T00:00:00Z"));
        assertThat(other).isEqualTo(between("2026-07-26T00:00:00Z", "2026-08-02T00:00:00Z"));
    }

    @Test
    void february_is_as_long_as_its_year_says() {
        // When
        var leap = window("month", "UTC", "2028-02-29T23:59:59Z");
        var common = window("month", "UTC", "2026-02-28T23:59:59Z");
        // Then
        assertThat(leap.end()).isEqualTo("2028-03-01T00:00:00Z");
        assertThat(Duration.between(leap.start(), leap.end())).isEqualTo(Duration.ofDays(29));
        assertThat(Duration.between(common.start(), common.end())).isEqualTo(Duration.ofDays(28));
    }

    @Test
    void billing_period_anchored_on_the_31st_falls_on_the_last_day_of_shorter_months() {
        // Given
        var anchor = LocalDate.parse("2026-01-31");
        // When
        var february = billing(anchor, "2026-02-28T00:00:00Z");
        var march = billing(anchor, "2026-03-31T00:00:00Z");
        var leap = billing(anchor, "2028-02-29T12:00:00Z");
        var beforeTheAnchor = billing(anchor, "2025-06-15T00:00:00Z");
        // Then
        assertThat(february).isEqualTo(between("2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z"));
        assertThat(march).isEqualTo(between("2026-03-31T00:00:00Z", "2026-04-30T00:00:00Z"));
        assertThat(leap).isEqualTo(between("2028-02-29T00:00:00Z", "2028-03-31T00:00:00Z"));
        assertThat(beforeTheAnchor).isEqualTo(between("2025-05-31T00:00:00Z", "2025-06-30T00:00:00Z"));
    }

    @Test
    void billing_period_turns_at_midnight_of_the_organization() {
        // Given
        var calendar = WindowCalendar.of(ZoneId.of("America/New_York"), LocalDate.parse("2026-01-15"));
        // When
        var period = WindowSpec.parse("billing-period").at(Instant.parse("2026-03-15T03:59:59Z"), calendar);
        // Then
        assertThat(period).isEqualTo(between("2026-02-15T05:00:00Z", "2026-03-15T04:00:00Z"));
    }

    @Test
    void lifetime_and_calls_in_flight_never_reset() {
        // When
        var windows = List.of(
                window("lifetime", "UTC", "2026-01-01T00:00:00Z"), window("in-flight", "UTC", "2030-01-01T00:00:00Z"));
        // Then
        assertThat(windows).containsOnly(Window.ENDLESS).noneMatch(Window::resets);
        assertThat(window("month", "UTC", "2026-01-01T00:00:00Z").resets()).isTrue();
    }

    @Test
    void names_are_read_as_they_are_written() {
        // Given
        var names = List.of("minute", "hour", "day", "week", "month", "billing-period", "lifetime", "in-flight");
        // When
        var written = names.stream().map(WindowSpec::parse).map(WindowSpec::key).toList();
        // Then
        assertThat(written).isEqualTo(names);
        assertThat(WindowSpec.parse("in-flight"))
                .isEqualTo(WindowSpec.IN_FLIGHT)
                .isNotEqualTo(WindowSpec.LIFETIME);
    }

    @Test
    void unknown_names_are_refused_with_the_known_ones() {
        // When, Then
        for (var name : List.of("", "Day", "year", "billing_period", "MINUTE")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WindowSpec.parse(name))
                    .withMessageContaining("billing-period")
                    .withMessageContaining("'" + name + "'");
        }
    }

    @Test
    void only_minutes_and_hours_are_shorter_than_a_day() {
        // When
        var shorter = Arrays.stream(WindowSpec.CalendarUnit.values())
                .filter(WindowSpec.CalendarUnit::shorterThanDay)
                .toList();
        // Then
        assertThat(shorter).containsExactly(WindowSpec.CalendarUnit.MINUTE, WindowSpec.CalendarUnit.HOUR);
    }

    private static Window window(String spec, String zone, String at) {
        return WindowSpec.parse(spec).at(Instant.parse(at), WindowCalendar.of(ZoneId.of(zone), LocalDate.EPOCH));
    }

    private static Window billing(LocalDate anchor, String at) {
        return WindowSpec.parse("billing-period").at(Instant.parse(at), WindowCalendar.of(ZoneId.of("UTC"), anchor));
    }

    private static Window between(String start, String end) {
        return new Window(Instant.parse(start), Instant.parse(end));
    }
}
