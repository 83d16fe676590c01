package dev.quotary.client;

import dev.quotary.client.json.Json;
import java.util.Optional;

/** An error as the server tells it. What has no code is not from the server, but from something on the way to it. */
record Problem(int status, String code, String detail, Optional<String> pointer) {
    static final String RESERVATION_UNKNOWN = "RESERVATION_UNKNOWN";
    static final String STORE_UNAVAILABLE = "STORE_UNAVAILABLE";

    static Optional<Problem> of(Answer answer) {
        Json json = answer.body();
        return json.at("code")
                .text()
                .map(code -> new Problem(
                        answer.status(),
                        code,
                        json.at("detail").text().orElse(""),
                        json.at("pointer").text()));
    }

    boolean is(String expected) {
        return code.equals(expected);
    }
}
