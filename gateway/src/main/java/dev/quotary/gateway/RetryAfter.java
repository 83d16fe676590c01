package dev.quotary.gateway;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long a provider wants to be left alone: {@code retry-after-ms}, else {@code Retry-After} in seconds. Dates are not read. */
final class RetryAfter {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private RetryAfter() {}

    static Optional<Duration> of(MultiMap headers) {
        return number(headers.get("retry-after-ms"))
                .map(Duration::ofMillis)
                .or(() -> number(headers.get("Retry-After")).map(Duration::ofSeconds));
    }

    private static Optional<Long> number(@Nullable String text) {
        return text != null && NUMBER.matcher(text.strip()).matches()
                ? Optional.of(Long.parseLong(text.strip()))
                : Optional.empty();
    }
}
