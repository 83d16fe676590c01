package dev.quotary.analytics.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.analytics.Range;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ForecasterTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-11-22T00:00:00Z");

    private static Range day(int number) {
        return new Range(MIDNIGHT.plus(Duration.ofDays(number)), MIDNIGHT.plus(Duration.ofDays(number + 1)));
    }

    private static List<Range> coming(int days) {
        var coming = new ArrayList<Range>();
        for (int i = 1; i <= days; i++) {
            coming.add(day(i));
        }
        return coming;
    }

    private static Outset even(int days, long each, Duration into, int daysToCome, OptionalLong maximum) {
        long today = each * into.toHours() / 24;
        return new Outset(
                Collections.nCopies(days, each),
                day(0),
                MIDNIGHT.plus(into),
                today,
                coming(daysToCome),
                each * 10 + today,
                maximum);
    }

    @Test
    void what_goes_on_evenly_ends_where_it_must_and_without_doubt() {
        // Given
        var outset = even(60, 240, Duration.ofHours(12), 4, OptionalLong.empty());
        // When
        var forecast = Forecaster.forecast(outset, 80);
        // Then
        assertThat(forecast.likely()).isEqualTo(2400 + 120 + 120 + 4 * 240);
        assertThat(forecast.low()).isEqualTo(forecast.likely());
        assertThat(forecast.high()).isEqualTo(forecast.likely());
        assertThat(forecast.method()).isEqualTo(Forecast.Method.SMOOTHING);
        assertThat(forecast.limit()).isEmpty();
    }

    @Test
    void limit_is_hit_at_the_hour_at_which_the_use_reaches_it() {
        // Given
        var outset = even(60, 240, Duration.ofHours(12), 4, OptionalLong.of(2400 + 120 + 120 + 240 + 60));
        // When
        var limit = Forecaster.forecast(outset, 80).limit().orElseThrow();
        // Then
        assertThat(limit.percent()).isEqualTo(100);
        assertThat(limit.hit()).contains(Instant.parse("2026-11-24T06:00:00Z"));
        assertThat(limit.earliest()).isEqualTo(limit.hit());
        assertThat(limit.latest()).isEqualTo(limit.hit());
        assertThat(limit.overage(3600)).isEqualTo(660);
    }

    @Test
    void limit_that_is_not_reached_is_not_hit() {
        // Given
        var outset = even(60, 240, Duration.ofHours(12), 4, OptionalLong.of(10_000));
        // When
        var limit = Forecaster.forecast(outset, 80).limit().orElseThrow();
        // Then
        assertThat(limit.percent()).isZero();
        assertThat(List.of(limit.earliest(), limit.hit(), limit.latest())).allMatch(java.util.Optional::isEmpty);
        assertThat(limit.overage(3600)).isZero();
    }

    @Test
    void limit_that_is_used_up_is_hit_now() {
        // Given
        var outset = even(60, 240, Duration.ofHours(12), 4, OptionalLong.of(2400));
        // When
        var limit = Forecaster.forecast(outset, 80).limit().orElseThrow();
        // Then
        assertThat(limit.percent()).isEqualTo(100);
        assertThat(limit.hit()).contains(outset.now());
    }

    @Test
    void three_days_give_a_wide_answer_and_not_none() {
        // Given
        var outset = new Outset(
                List.of(100L, 80L, 120L),
                day(0),
                MIDNIGHT.plus(Duration.ofHours(6)),
                30,
                coming(20),
                330,
                OptionalLong.of(1_500));
        // When
        var forecast = Forecaster.forecast(outset, 80);
        // Then
        assertThat(forecast.method()).isEqualTo(Forecast.Method.MEAN);
        assertThat(forecast.days()).isEqualTo(3);
        assertThat(forecast.likely()).isBetween(2_200L, 2_600L);
        assertThat(forecast.low()).isBetween(1_700L, forecast.likely() - 100);
        assertThat(forecast.high()).isBetween(forecast.likely() + 100, 3_300L);
        assertThat(forecast.limit().orElseThrow().percent()).isGreaterThan(90);
    }

    @Test
    void year_with_weekends_is_forecast_by_its_weeks() {
        // Given
        var days = new ArrayList<Long>();
        for (int i = 0; i < 364; i++) {
            days.add(i % 7 >= 5 ? 10L : 1_000L + i % 3);
        }
        var weekend = new Outset(days.subList(0, 362), day(0), MIDNIGHT, 0, coming(1), 0, OptionalLong.empty());
        var workdays = new Outset(days, day(0), MIDNIGHT, 0, coming(1), 0, OptionalLong.empty());
        // When
        var quiet = Forecaster.forecast(weekend, 80);
        var busy = Forecaster.forecast(workdays, 80);
        // Then
        assertThat(quiet.method()).isIn(Forecast.Method.WEEKLY, Forecast.Method.WEEKLY_TREND);
        assertThat(quiet.likely()).isBetween(10L, 40L);
        assertThat(busy.likely()).isBetween(1_980L, 2_020L);
    }

    @Test
    void first_hours_of_a_new_subject_are_taken_as_a_day() {
        // Given
        var outset = new Outset(
                List.of(), day(0), MIDNIGHT.plus(Duration.ofHours(6)), 25, coming(9), 25, OptionalLong.empty());
        // When
        var forecast = Forecaster.forecast(outset, 80);
        // Then
        assertThat(forecast.days()).isZero();
        assertThat(forecast.likely()).isBetween(400L, 1_000L);
        assertThat(forecast.low()).isGreaterThanOrEqualTo(25);
    }

    @Test
    void no_use_at_all_is_forecast_to_be_none() {
        // Given
        var outset = new Outset(List.of(), day(0), MIDNIGHT, 0, coming(9), 0, OptionalLong.of(10));
        // When
        var forecast = Forecaster.forecast(outset, 95);
        // Then
        assertThat(forecast.high()).isZero();
        assertThat(forecast.limit().orElseThrow().percent()).isZero();
    }

    @Test
    void same_history_has_the_same_forecast() {
        // Given
        var days = new ArrayList<Long>();
        for (long day : Histories.GROWING.days(100, 7)) {
            days.add(day);
        }
        var outset = new Outset(days, day(0), MIDNIGHT, 0, coming(20), 5, OptionalLong.of(20_000));
        // When
        var once = Forecaster.forecast(outset, 90);
        var again = Forecaster.forecast(outset, 90);
        // Then
        assertThat(again).isEqualTo(once);
        assertThat(once.low()).isLessThan(once.likely());
        assertThat(once.likely()).isLessThan(once.high());
    }

    @Test
    void more_confidence_is_a_wider_interval() {
        // Given
        var days = new ArrayList<Long>();
        for (long day : Histories.BURSTS.days(100, 7)) {
            days.add(day);
        }
        var outset = new Outset(days, day(0), MIDNIGHT, 0, coming(20), 5, OptionalLong.empty());
        // When
        var half = Forecaster.forecast(outset, 50);
        var most = Forecaster.forecast(outset, 95);
        // Then
        assertThat(most.low()).isLessThan(half.low());
        assertThat(most.likely()).isEqualTo(half.likely());
        assertThat(most.high()).isGreaterThan(half.high());
    }

    @Test
    void amounts_beyond_what_can_be_counted_stay_at_the_most() {
        // Given
        var outset = new Outset(
                List.of(Long.MAX_VALUE / 2, Long.MAX_VALUE / 2),
                day(0),
                MIDNIGHT,
                0,
                coming(30),
                Long.MAX_VALUE / 2,
                OptionalLong.of(Long.MAX_VALUE - 1));
        // When
        var forecast = Forecaster.forecast(outset, 80);
        // Then
        assertThat(forecast.likely()).isEqualTo(Long.MAX_VALUE);
        assertThat(forecast.limit().orElseThrow().overage(forecast.likely())).isEqualTo(1);
    }

    @Test
    void confidence_that_is_not_offered_is_refused() {
        // Given
        var outset = even(3, 240, Duration.ofHours(12), 4, OptionalLong.empty());
        // When / Then
        assertThatThrownBy(() -> Forecaster.forecast(outset, 99)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> even(401, 1, Duration.ofHours(1), 1, OptionalLong.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
