package dev.quotary.provider;

import dev.quotary.price.PartUsage;
import dev.quotary.price.TokenUsage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** What an answer said about its usage. */
public sealed interface UsageReading {
    /**
     * The provider's final word.
     *
     * @param tokens of the model that was called, all its turns together
     * @param costUsd what the provider says it charged, fees included, if it says so
     * @param parts what other models used within the call
     */
    record Reported(TokenUsage tokens, Optional<BigDecimal> costUsd, List<PartUsage> parts) implements UsageReading {
        public Reported {
            parts = List.copyOf(parts);
        }

        /** Of one model alone. */
        public Reported(TokenUsage tokens, Optional<BigDecimal> costUsd) {
            this(tokens, costUsd, List.of());
        }
    }

    /** The last running total of a stream that ended before its time: at least this much was used. */
    record Partial(TokenUsage tokens, Optional<BigDecimal> costUsd, List<PartUsage> parts) implements UsageReading {
        public Partial {
            parts = List.copyOf(parts);
        }

        /** Of one model alone. */
        public Partial(TokenUsage tokens, Optional<BigDecimal> costUsd) {
            this(tokens, costUsd, List.of());
        }
    }

    /**
     * What a stream told at its beginning, where it ended before its end: what was read is known exactly, of what was written there is a
     * number that more has followed on.
     *
     * @param parts what other models used within the call
     * @param failed whether the provider itself ended the stream, with an error
     */
    record Begun(TokenUsage tokens, List<PartUsage> parts, boolean failed) implements UsageReading {
        public Begun {
            parts = List.copyOf(parts);
        }
    }

    /** The answer was fine but named no usage, or the stream ended before it came. */
    record Missing() implements UsageReading {}

    /**
     * The answer's usage contradicts itself or cannot be read. It is set aside for a person to look at, and never repaired: a repaired
     * count would be billed as if it were true.
     *
     * @param reason names members and numbers only, so it may be logged
     */
    record Broken(String reason) implements UsageReading {}
}
