package dev.quotary.api;

import dev.quotary.provider.ProviderApi;
import dev.quotary.provider.WireFormat;
import java.util.List;

/**
 * The providers' formats that the API reads.
 *
 * @param chat counts the tokens of chat messages
 * @param answers the APIs whose raw answers may be reported, each kind once
 */
public record Formats(WireFormat chat, List<Spoken> answers) {
    public Formats {
        answers = List.copyOf(answers);
    }

    /**
     * An API and who speaks it.
     *
     * @param providers by the names that the price book has for them, the likeliest first; 1 or more
     */
    public record Spoken(ProviderApi api, List<String> providers) {
        public Spoken {
            providers = List.copyOf(providers);
            if (providers.isEmpty()) {
                throw new IllegalArgumentException("expected at least one provider");
            }
        }
    }
}
