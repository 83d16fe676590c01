package dev.quotary.api.prices;

import dev.quotary.http.InvalidInputException;
import dev.quotary.http.Value;
import dev.quotary.price.UnitPrices;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The public price files that can be imported. */
public enum PriceFile {
    /** {@code model_prices_and_context_window.json} of BerriAI/litellm. */
    LITELLM("litellm") {
        @Override
        List<PriceDraft> read(Value file, String from) {
            return LitellmPrices.read(file, from);
        }
    },
    /** The data of {@code @pydantic/genai-prices}. */
    GENAI_PRICES("genai-prices") {
        @Override
        List<PriceDraft> read(Value file, String from) {
            return GenaiPrices.read(file);
        }
    };

    private static final int MILLION_SHIFT = 6;

    /** Providers that the files know by other names, and those that they know by ours. Others are passed over. */
    static final Map<String, String> PROVIDERS = Map.of(
            "openai", "openai",
            "anthropic", "anthropic",
            "gemini", "gemini",
            "google", "gemini",
            "xai", "xai",
            "x-ai", "xai");

    private final String key;

    PriceFile(String key) {
        this.key = key;
    }

    /** The name on the command line. */
    public String key() {
        return key;
    }

    /**
     * Everything that the file says about the providers that we know.
     *
     * @param from from when prices hold where the file does not say
     * @throws InvalidInputException naming the place, if the file has another form
     */
    abstract List<PriceDraft> read(Value file, String from);

    /** A number of dollars as written; empty where it is no number. */
    static Optional<BigDecimal> number(Value value) {
        try {
            return Optional.of(UnitPrices.price(value.scalar()));
        } catch (InvalidInputException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** A price per unit as one per 1,000,000 units. */
    static BigDecimal perMillion(BigDecimal perUnit) {
        return perUnit.movePointRight(MILLION_SHIFT);
    }
}
