package dev.quotary.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.gateway.upstream.Choice;
import dev.quotary.gateway.upstream.Endpoint;
import dev.quotary.gateway.upstream.Lanes;
import dev.quotary.gateway.upstream.UpstreamObserver;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JourneyTest {
    private final Lanes lanes = new Lanes(
            List.of(
                    new Endpoint(URI.create("http://one"), Optional.empty()),
                    new Endpoint(URI.create("http://two"), Optional.empty())),
            Choice.ROUND_ROBIN,
            UpstreamObserver.NONE);

    private void attempt(Journey journey) {
        journey.enters(Objects.requireNonNull(lanes.enter(journey.tried(), Instant.EPOCH)));
        journey.ends();
    }

    @Test
    void one_attempt_is_not_worth_telling() {
        // Given
        var journey = new Journey(new byte[0]);
        // When
        attempt(journey);
        // Then
        assertThat(journey.told("")).isEmpty();
        assertThat(journey.told("{\"a\":1}")).isEqualTo("{\"a\":1}");
        assertThat(Journey.DIRECT.told("")).isEmpty();
    }

    @Test
    void further_attempts_are_told_beside_what_the_client_said() {
        // Given
        var journey = new Journey(new byte[0]);
        // When
        attempt(journey);
        attempt(journey);
        // Then
        assertThat(journey.told("")).isEqualTo("{\"quotary\":{\"attempts\":2}}");
        assertThat(journey.told("{}")).isEqualTo("{\"quotary\":{\"attempts\":2}}");
        assertThat(journey.told("{\"a\":1}")).isEqualTo("{\"quotary\":{\"attempts\":2},\"a\":1}");
    }
}
