package dev.quotary.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.provider.openai.ChatDialect;
import dev.quotary.provider.openai.api.OpenAiApi;
import dev.quotary.provider.text.Tokenizers;
import dev.quotary.testkit.FakeClock;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static final Breaker.Thresholds FIRST_FAILURE = new Breaker.Thresholds(1, Duration.ofSeconds(30));

    private final FakeClock clock = new FakeClock();
    private final OpenAiApi api = new OpenAiApi(ChatDialect.OPENAI, new Tokenizers());
    private final List<Integer> rests = new ArrayList<>();

    private final UpstreamObserver observer = new UpstreamObserver() {
        @Override
        public void keyRests(int status) {
            rests.add(status);
        }

        @Override
        public void breakerOpened() {}

        @Override
        public void repeated(String why) {}

        @Override
        public void fellBack(String why) {}
    };

    private Lanes lanes(Choice choice, String... keys) {
        var lanes = new Lanes(List.of(endpoint("one", Optional.empty())), choice, observer);
        lanes.keys(Stream.of(keys).map(Secret::new).toList(), api);
        return lanes;
    }

    private static Endpoint endpoint(String host, Optional<Breaker> breaker) {
        return new Endpoint(URI.create("http://" + host + ":80/base/"), breaker);
    }

    private Lane enter(Lanes lanes, Lane... tried) {
        return Objects.requireNonNull(lanes.enter(List.of(tried), clock.instant()));
    }

    private static String key(Lane lane) {
        return Objects.requireNonNull(lane.keyHeader()).value();
    }

    @Test
    void one_address_with_one_key_is_one_lane_for_all() {
        // Given
        var lanes = lanes(Choice.ROUND_ROBIN, "a");
        // When, Then
        assertThat(enter(lanes)).isSameAs(lanes.only()).isSameAs(enter(lanes));
        assertThat(lanes.several()).isFalse();
        assertThat(enter(lanes).endpoint().target("/v1/models?limit=1")).isEqualTo("/base/v1/models?limit=1");
    }

    @Test
    void keys_take_turns() {
        // Given
        var lanes = lanes(Choice.ROUND_ROBIN, "a", "b", "c");
        // When
        var taken = Stream.generate(() -> key(enter(lanes))).limit(6).toList();
        // Then
        assertThat(taken).containsExactly("Bearer a", "Bearer b", "Bearer c", "Bearer a", "Bearer b", "Bearer c");
    }

    @Test
    void key_with_the_fewest_calls_is_taken_where_that_is_the_choice() {
        // Given
        var lanes = lanes(Choice.LEAST_IN_FLIGHT, "a", "b");
        enter(lanes);
        var second = enter(lanes);
        enter(lanes);
        second.ended();
        // When: a has two calls, b none
        var next = Stream.generate(() -> key(enter(lanes))).limit(2).toList();
        // Then
        assertThat(next).containsExactly(key(second), key(second));
    }

    @Test
    void refused_and_throttled_keys_rest_and_come_back() {
        // Given
        var lanes = lanes(Choice.ROUND_ROBIN, "a", "b", "c");
        enter(lanes).answered(401, Optional.empty(), clock.instant());
        enter(lanes).answered(429, Optional.of(Duration.ofSeconds(3)), clock.instant());
        // When, Then
        assertThat(Stream.generate(() -> key(enter(lanes))).limit(3)).containsOnly("Bearer c");
        assertThat(lanes.resting(clock.instant())).isEqualTo(2);
        assertThat(rests).containsExactly(401, 429);
        clock.advance(Duration.ofSeconds(3));
        assertThat(Stream.generate(() -> key(enter(lanes))).limit(6)).containsOnly("Bearer b", "Bearer c");
        clock.advance(ProviderKey.REST_REFUSED);
        assertThat(lanes.resting(clock.instant())).isZero();
    }

    @Test
    void no_provider_makes_a_key_rest_for_longer_than_the_bound() {
        // Given
        var lanes = lanes(Choice.ROUND_ROBIN, "a", "b");
        enter(lanes).answered(429, Optional.of(Duration.ofDays(30)), clock.instant());
        // When
        clock.advance(ProviderKey.REST_MAX);
        // Then
        assertThat(lanes.resting(clock.instant())).isZero();
    }

    @Test
    void where_all_keys_rest_the_one_that_is_ready_first_is_used() {
        // Given
        var lanes = lanes(Choice.ROUND_ROBIN, "a", "b");
        enter(lanes).answered(429, Optional.of(Duration.ofSeconds(9)), clock.instant());
        enter(lanes).answered(429, Optional.of(Duration.ofSeconds(8)), clock.instant());
        // When, Then
        assertThat(Stream.generate(() -> key(enter(lanes))).limit(3)).containsOnly("Bearer b");
        assertThat(lanes.anotherKey(List.of(), clock.instant())).isFalse();
    }

    @Test
    void second_attempt_goes_to_another_key_and_another_address() {
        // Given
        var endpoints = List.of(endpoint("one", Optional.empty()), endpoint("two", Optional.empty()));
        var lanes = new Lanes(endpoints, Choice.ROUND_ROBIN, observer);
        lanes.keys(List.of(new Secret("a"), new Secret("b")), api);
        var first = enter(lanes);
        enter(lanes);
        // When
        var second = enter(lanes, first);
        // Then
        assertThat(second.endpoint().host()).isNotEqualTo(first.endpoint().host());
        assertThat(key(second)).isNotEqualTo(key(first));
        assertThat(lanes.anotherKey(List.of(first, second), clock.instant())).isFalse();
        assertThat(lanes.anotherEndpoint(List.of(first, second), clock.instant()))
                .isFalse();
    }

    @Test
    void address_that_fails_is_left_alone_until_its_breaker_lets_a_probe_pass() {
        // Given
        var endpoints = List.of(
                endpoint("one", Optional.of(new Breaker(FIRST_FAILURE))),
                endpoint("two", Optional.of(new Breaker(FIRST_FAILURE))));
        var lanes = new Lanes(endpoints, Choice.ROUND_ROBIN, observer);
        // When, Then
        enter(lanes).failed(clock.instant());
        assertThat(Stream.generate(() -> enter(lanes).endpoint().host()).limit(3))
                .containsOnly("two");
        enter(lanes).answered(503, Optional.empty(), clock.instant());
        assertThat(lanes.enter(List.of(), clock.instant())).isNull();
        assertThat(lanes.open(clock.instant())).isEqualTo(2);
        clock.advance(FIRST_FAILURE.open());
        enter(lanes).answered(200, Optional.empty(), clock.instant());
        enter(lanes).answered(404, Optional.empty(), clock.instant());
        assertThat(lanes.open(clock.instant())).isZero();
    }

    @Test
    void keys_may_be_replaced_while_calls_run() {
        // Given
        var lanes = lanes(Choice.ROUND_ROBIN, "a", "b");
        var running = enter(lanes);
        // When
        lanes.keys(List.of(new Secret("c")), api);
        // Then
        running.ended();
        assertThat(key(enter(lanes))).isEqualTo("Bearer c");
        assertThat(lanes.only()).isNotNull();
    }
}
