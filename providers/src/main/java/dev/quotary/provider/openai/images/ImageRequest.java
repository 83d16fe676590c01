package dev.quotary.provider.openai.images;

import dev.quotary.price.Component;
import dev.quotary.price.Fees;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.openai.Tiers;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a request for images says, in JSON or as a form.
 *
 * @param textBytes UTF-8 bytes of everything that may be read as text
 * @param given images that are edited
 * @param made images that are asked for
 * @param partial previews of a stream
 */
record ImageRequest(
        String model, long textBytes, int given, int made, boolean stream, int partial, Optional<String> user) {
    static final int MADE_MAX = 64;
    static final int PARTIAL_MAX = 16;

    /** Above the 6,240 of the largest image of the highest quality of gpt-image-1; no model is known to need more. General knowledge. */
    static final long TOKENS_PER_IMAGE = 25_000;

    private static final long TOKENS_PER_PARTIAL = 100;
    private static final long TOKENS_PER_GIVEN = 15_000;

    /** Why the request cannot be metered. */
    Optional<Rejected> rejected() {
        // Whether the usage at the end of each image is its own or the sum of all is told nowhere.
        return stream && made > 1
                ? Optional.of(Rejected.of(
                        "Unsupported parameter: 'n'. A stream of several images cannot be metered; ask for one.", "n"))
                : Optional.empty();
    }

    RequestFacts facts() {
        // These have a price per image and count no tokens.
        boolean perImage = model.toLowerCase(Locale.ROOT).startsWith("dall-e");
        long tokens = TOKENS_PER_IMAGE + TOKENS_PER_PARTIAL * partial;
        var input = perImage ? new InputBound(0, 0, 0, 0) : new InputBound(textBytes, TOKENS_PER_GIVEN * given, 20, 0);
        return new RequestFacts(
                model,
                stream ? Streaming.ON_WITH_USAGE : Streaming.OFF,
                input,
                perImage ? OutputBound.NONE : new OutputBound(OptionalLong.of(tokens), made),
                EnumSet.of(
                        Component.INPUT,
                        Component.CACHED_INPUT,
                        Component.INPUT_IMAGE,
                        Component.OUTPUT,
                        Component.OUTPUT_IMAGE),
                Tiers.possible(Optional.of("default")),
                Set.of(),
                Fees.of(Component.IMAGES, made),
                user,
                false);
    }
}
