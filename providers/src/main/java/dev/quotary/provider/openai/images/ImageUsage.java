package dev.quotary.provider.openai.images;

import dev.quotary.price.Component;
import dev.quotary.price.PartUsage;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.openai.ImageTokens;
import dev.quotary.provider.openai.ModelMember;
import dev.quotary.provider.openai.ProviderCost;
import dev.quotary.provider.openai.UsageDocument;
import dev.quotary.provider.openai.UsageTree;
import java.util.List;
import java.util.Optional;

/** What an answer with images used: tokens where it tells them, else images, which older models are priced by. */
final class ImageUsage {
    private ImageUsage() {}

    static UsageReading read(UsageDocument answer) {
        if (answer.broken().isPresent()) {
            return new Broken(answer.broken().get());
        }
        if (answer.usage().isEmpty()) {
            return answer.elements() == 0
                    ? new Missing()
                    : new Reported(TokenUsage.NONE.with(Component.IMAGES, answer.elements()), Optional.empty());
        }
        var usage = answer.usage().get();
        if (!usage.has("input_tokens") || !usage.has("output_tokens")) {
            usage.wrong("usage without input_tokens and output_tokens");
        }
        var tokens = ImageTokens.read(usage, "");
        var cost = ProviderCost.read(usage);
        var parts = answer.svgUsage().map(ImageUsage::drawn);
        var broken = usage.broken().or(() -> answer.svgUsage().flatMap(UsageTree::broken));
        return broken.isPresent() ? broken.get() : new Reported(tokens, cost, parts.orElse(List.of()));
    }

    /** Drawings are written by another model, as text. */
    private static List<PartUsage> drawn(UsageTree usage) {
        var model = usage.text("model").filter(ModelMember::valid);
        long input = usage.count("input_tokens");
        long output = usage.count("output_tokens");
        long total = usage.has("total_tokens") ? usage.count("total_tokens") : input + output;
        long reasoning = usage.count("reasoning_tokens");
        if (model.isEmpty()) {
            usage.wrong("svg_usage names no model");
        } else if (total < input + output || reasoning > total - input) {
            usage.wrong("the parts of svg_usage do not add up");
        }
        return usage.broken().isPresent()
                ? List.of()
                : List.of(new PartUsage(
                        model.orElseThrow(),
                        TokenUsage.builder()
                                .set(Component.INPUT, input)
                                .set(Component.OUTPUT, total - input)
                                .reasoning(reasoning)
                                .build()));
    }
}
