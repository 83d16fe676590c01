package dev.quotary.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowSpec;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LimitTest {
    @Test
    void refusal_of_a_rate_is_429_and_of_a_quota_402() {
        // Given
        var rates = List.of("minute", "hour", "in-flight");
        var quotas = List.of("day", "week", "month", "billing-period", "lifetime");
        // When, Then
        assertThat(rates).allSatisfy(window -> {
            assertThat(limit(window, Exceeded.BLOCK).rate()).isTrue();
            assertThat(limit(window, Exceeded.BLOCK).refusalStatus()).isEqualTo(429);
        });
        assertThat(quotas).allSatisfy(window -> {
            assertThat(limit(window, Exceeded.BLOCK).rate()).isFalse();
            assertThat(limit(window, Exceeded.BLOCK).refusalStatus()).isEqualTo(402);
        });
    }

    @Test
    void declared_status_goes_before_the_rule() {
        // When
        var limit = limit("day", exceeded(Exceeded.Action.BLOCK, 0, OptionalInt.of(429)));
        // Then
        assertThat(limit.refusalStatus()).isEqualTo(429);
        assertThat(limit.rate()).isFalse();
    }

    @Test
    void other_statuses_are_refused() {
        // When, Then
        for (int status : new int[] {0, 200, 403, 500}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> exceeded(Exceeded.Action.BLOCK, 0, OptionalInt.of(status)))
                    .withMessageContaining(String.valueOf(status));
        }
    }

    @Test
    void negative_overage_wait_and_grace_are_refused() {
        // Given
        var none = OptionalInt.empty();
        var negative = Duration.ofSeconds(-1);
        // When, Then
        assertThatIllegalArgumentException().isThrownBy(() -> exceeded(Exceeded.Action.OVERAGE, -1, none));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Exceeded(
                        Exceeded.Action.QUEUE, none, negative, OptionalLong.empty(), Duration.ZERO, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Exceeded(
                        Exceeded.Action.BLOCK, none, Duration.ZERO, OptionalLong.empty(), negative, Duration.ZERO));
    }

    @Test
    void admission_enforces_what_the_action_says() {
        // When, Then
        for (var action : List.of(Exceeded.Action.BLOCK, Exceeded.Action.QUEUE)) {
            assertThat(enforced(action)).isEqualTo(new Maximum(100));
        }
        for (var action : List.of(Exceeded.Action.OVERAGE, Exceeded.Action.THROTTLE)) {
            assertThat(enforced(action)).isEqualTo(new Maximum(150));
        }
        assertThat(limit("day", Exceeded.of(Exceeded.Action.THROTTLE)).enforced())
                .isEqualTo(new Maximum(200));
        assertThat(enforced(Exceeded.Action.SHADOW)).isEqualTo(Maximum.UNLIMITED);
    }

    @Test
    void grace_without_an_overage_has_no_bound() {
        // When
        var unbounded = limit("day", graced(Exceeded.Action.BLOCK, OptionalLong.empty()));
        var bounded = limit("day", graced(Exceeded.Action.BLOCK, OptionalLong.of(7)));
        var overage = limit("day", graced(Exceeded.Action.OVERAGE, OptionalLong.of(9)));
        // Then
        assertThat(unbounded.enforced()).isEqualTo(Maximum.UNLIMITED);
        assertThat(unbounded.refuses()).isTrue();
        assertThat(bounded.enforced()).isEqualTo(new Maximum(107));
        assertThat(overage.leeway()).isEqualTo(new Leeway(100, 0, 9, Duration.ofHours(1)));
    }

    @Test
    void only_limits_that_may_refuse_refuse() {
        // When, Then
        assertThat(limit("day", Exceeded.BLOCK).refuses()).isTrue();
        assertThat(limit("day", Exceeded.overage(5)).refuses()).isTrue();
        assertThat(limit("day", Exceeded.of(Exceeded.Action.SHADOW)).refuses()).isFalse();
        assertThat(limit("day", Exceeded.BLOCK).withMaximum(Maximum.UNLIMITED).refuses())
                .isFalse();
    }

    @Test
    void burst_needs_a_window_of_a_minute_or_an_hour() {
        // When, Then
        assertThat(withBurst("minute", 40).leeway()).isEqualTo(new Leeway(100, 40, 0, Duration.ZERO));
        assertThat(withBurst("hour", 40).moving()).isTrue();
        assertThat(withBurst("day", 0).moving()).isFalse();
        for (var window : List.of("day", "month", "lifetime", "in-flight", "sliding-minute")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> withBurst(window, 1))
                    .withMessageContaining("burst");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> withBurst("minute", -1));
    }

    /** An override may lower the maximum below the burst that was declared beside another one. */
    @Test
    void burst_is_never_more_than_the_maximum() {
        // When
        var lowered = withBurst("minute", 100).withMaximum(new Maximum(30));
        // Then
        assertThat(lowered.leeway().burst()).isEqualTo(30);
    }

    @Test
    void grace_needs_a_window_that_begins() {
        // When, Then
        for (var window : List.of("sliding-day", "in-flight")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> limit(window, graced(Exceeded.Action.BLOCK, OptionalLong.empty())))
                    .withMessageContaining("grace");
        }
    }

    @Test
    void delays_are_bounded() {
        // When, Then
        assertThat(delayed(60).delay()).isEqualTo(Duration.ofSeconds(60));
        assertThatIllegalArgumentException().isThrownBy(() -> delayed(61)).withMessageContaining("60s");
        assertThatIllegalArgumentException().isThrownBy(() -> delayed(-1));
    }

    private static Exceeded delayed(long seconds) {
        return new Exceeded(
                Exceeded.Action.THROTTLE,
                OptionalInt.empty(),
                Duration.ZERO,
                OptionalLong.empty(),
                Duration.ZERO,
                Duration.ofSeconds(seconds));
    }

    private static Exceeded graced(Exceeded.Action action, OptionalLong overageMax) {
        return new Exceeded(action, OptionalInt.empty(), Duration.ZERO, overageMax, Duration.ofHours(1), Duration.ZERO);
    }

    private static Limit withBurst(String window, long burst) {
        var limit = limit(window, Exceeded.BLOCK);
        return new Limit(
                limit.key(),
                limit.counted(),
                limit.maximum(),
                burst,
                limit.warnAt(),
                limit.exceeded(),
                limit.onStoreFailure());
    }

    @Test
    void maximum_grows_without_wrapping() {
        // When, Then
        assertThat(new Maximum(5).plus(7)).isEqualTo(new Maximum(12));
        assertThat(new Maximum(Long.MAX_VALUE - 1).plus(2)).isEqualTo(Maximum.UNLIMITED);
        assertThat(Maximum.UNLIMITED.plus(Long.MAX_VALUE)).isEqualTo(Maximum.UNLIMITED);
        assertThat(Maximum.UNLIMITED.unlimited()).isTrue();
        assertThat(new Maximum(0).unlimited()).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new Maximum(-1));
    }

    @Test
    void warnings_are_percentages_in_order() {
        // Given
        var limit = limit("day", Exceeded.BLOCK);
        // When
        var sorted = withWarnings(limit, List.of(90, 50, 100, 1));
        // Then
        assertThat(sorted.warnAt()).containsExactly(1, 50, 90, 100);
        assertThatIllegalArgumentException().isThrownBy(() -> withWarnings(limit, List.of(50, 0)));
        assertThatIllegalArgumentException().isThrownBy(() -> withWarnings(limit, List.of(101)));
    }

    @Test
    void other_maximum_leaves_the_rest() {
        // Given
        var limit = limit("day", Exceeded.BLOCK);
        // When
        var raised = limit.withMaximum(new Maximum(7));
        // Then
        assertThat(raised.enforced()).isEqualTo(new Maximum(7));
        assertThat(raised.withMaximum(limit.maximum())).isEqualTo(limit);
        assertThat(raised.meter()).isEqualTo(MeterKey.TOKENS);
    }

    @Test
    void keys_of_limits_are_short_plain_words() {
        // When
        var key = new LimitKey("daily-tokens.v2:EU_1");
        // Then
        assertThat(key).hasToString("daily-tokens.v2:EU_1");
        for (var text : List.of("", " ", "-a", "a b", "ä", "a".repeat(65), "a\n")) {
            assertThatIllegalArgumentException().isThrownBy(() -> new LimitKey(text));
        }
    }

    @Test
    void words_in_plans_are_lower_case() {
        // When, Then
        assertThat(Exceeded.Action.OVERAGE.key()).isEqualTo("overage");
        assertThat(OnStoreFailure.ALLOW.key()).isEqualTo("allow");
    }

    private static Maximum enforced(Exceeded.Action action) {
        return limit("day", exceeded(action, 50, OptionalInt.empty())).enforced();
    }

    private static Exceeded exceeded(Exceeded.Action action, long overageMax, OptionalInt status) {
        return new Exceeded(action, status, Duration.ZERO, OptionalLong.of(overageMax), Duration.ZERO, Duration.ZERO);
    }

    private static Limit limit(String window, Exceeded exceeded) {
        var counted = new Counted(MeterKey.TOKENS, Filter.ALL, Scope.SUBJECT, WindowSpec.parse(window));
        return new Limit(
                new LimitKey("tokens"), counted, new Maximum(100), Limit.WARN_AT, exceeded, OnStoreFailure.ALLOW);
    }

    private static Limit withWarnings(Limit limit, List<Integer> warnAt) {
        return new Limit(
                limit.key(), limit.counted(), limit.maximum(), warnAt, limit.exceeded(), limit.onStoreFailure());
    }
}
