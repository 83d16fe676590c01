package dev.quotary.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quotary.simulator.Stamps.Stamp;
import java.time.Duration;
import java.util.Map;

/** How the answers of one provider look around what they say: their headers and their errors. */
interface Style {
    Map<String, String> headers(Stamp stamp, Duration processing);

    JsonNode error(ProviderError error, Stamp stamp);
}
