package dev.quotary.simulator;

import io.vertx.core.http.HttpServerRequest;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a path of Gemini's asks for.
 *
 * @param array whether the answer is a stream that is one array
 */
record GeminiCall(String model, Method method, boolean array) {
    private static final Pattern PATH =
            Pattern.compile("/v1(?:|alpha|beta)/models/(?<model>[A-Za-z0-9._-]+):(?<method>[A-Za-z]+)");

    /** The methods that are simulated. */
    enum Method {
        GENERATE,
        STREAM,
        EMBED,
        BATCH_EMBED,
        COUNT;

        private static Optional<Method> named(String name) {
            return Optional.ofNullable(
                    switch (name) {
                        case "generateContent" -> GENERATE;
                        case "streamGenerateContent" -> STREAM;
                        case "embedContent" -> EMBED;
                        case "batchEmbedContents" -> BATCH_EMBED;
                        case "countTokens" -> COUNT;
                        default -> null;
                    });
        }
    }

    /** Empty for a path that is none of Gemini's. */
    static Optional<GeminiCall> of(HttpServerRequest request) {
        var path = PATH.matcher(Objects.requireNonNullElse(request.path(), ""));
        if (!path.matches()) {
            return Optional.empty();
        }
        return Method.named(path.group("method"))
                .map(method -> new GeminiCall(
                        path.group("model"),
                        method,
                        method == Method.STREAM && !"sse".equals(request.getParam("alt"))));
    }

    /** Whether it is a call that a provider bills. */
    boolean billed() {
        return method != Method.COUNT;
    }

    boolean streamed() {
        return method == Method.STREAM;
    }

    Style style() {
        return new GeminiStyle(array);
    }
}
