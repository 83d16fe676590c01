package dev.quotary.api;

import dev.quotary.call.Dimensions;
import dev.quotary.call.OrganizationKey;
import dev.quotary.meter.Quantities;
import dev.quotary.money.Money;
import dev.quotary.price.ModelNames;
import dev.quotary.price.ServiceTier;
import dev.quotary.price.TokenUsage;
import dev.quotary.usage.Priced;
import dev.quotary.usage.Tariff;
import dev.quotary.usage.Use;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prices what callers say they use, at the standard tier of the price book. */
final class Costing {
    private final Tariff tariff;

    Costing(Tariff tariff) {
        this.tariff = tariff;
    }

    /**
     * The tokens of quantities as they are priced. Tokens of which only the total is known are taken for written ones, which are the
     * dearer: a cost is never understated.
     */
    static TokenUsage tokens(Quantities quantities) {
        return TokenUsage.of(quantities.tokensInput(), quantities.tokens() - quantities.tokensInput());
    }

    /**
     * What prices are asked for.
     *
     * @param organization whose call it is
     * @param dimensions of the call, which may name no model
     * @param at when it began
     */
    record Model(OrganizationKey organization, Dimensions dimensions, Instant at) {
        Optional<ModelNames> names(@Nullable String served) {
            return ModelNames.of(dimensions.provider(), dimensions.model(), served);
        }
    }

    /**
     * A call with what its answer says of it: who served it and which model, as far as the caller did not say. An answer's form may be that of
     * several providers; then it is the one that has such a model.
     */
    Model told(Model model, ProviderResponses.Reported answer) {
        var dimensions = model.dimensions;
        var name = dimensions.model() == null ? answer.model().orElse(null) : dimensions.model();
        if (name == null) {
            return model;
        }
        var provider = dimensions.provider() == null ? provider(model, answer, name) : dimensions.provider();
        return provider == null ? model : new Model(model.organization, dimensions.at(provider, name), model.at);
    }

    private @Nullable String provider(Model model, ProviderResponses.Reported answer, String name) {
        var priced = answer.providers().stream()
                .filter(each ->
                        tariff.find(model.organization, each, name, model.at).isPresent())
                .findFirst();
        // Many a server speaks as OpenAI does: whose an unknown model is remains unknown.
        return priced.or(() -> answer.providers().size() == 1
                        ? Optional.of(answer.providers().getFirst())
                        : Optional.empty())
                .orElse(null);
    }

    /** What quantities cost: nothing where no model is named; empty for a model without a price. */
    Optional<Money> cost(Model model, Quantities quantities) {
        if (model.dimensions.model() == null) {
            return Optional.of(Money.ZERO);
        }
        return tariff.find(model.organization, model.dimensions.provider(), model.dimensions.model(), model.at)
                .flatMap(row -> row.cost(row.ofOneCall(tokens(quantities)), ServiceTier.STANDARD));
    }

    /** The arithmetic of a cost; without a receipt for a model without a price, and where none is named. */
    Priced priced(Model model, Use use, @Nullable String served) {
        return tariff.price(model.organization, model.names(served), use, model.at);
    }

    Tariff tariff() {
        return tariff;
    }
}
