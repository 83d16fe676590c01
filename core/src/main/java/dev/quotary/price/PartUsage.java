package dev.quotary.price;

/**
 * What another model used within one call, such as an adviser that the called model asked: it is priced at its own model.
 *
 * @param model as the provider names it; not blank
 */
public record PartUsage(String model, TokenUsage tokens) {
    public PartUsage {
        if (!ModelPattern.printable(model, ModelPattern.LENGTH_MAX)) {
            throw new IllegalArgumentException(
                    "expected the name of a model of 1.." + ModelPattern.LENGTH_MAX + " printable characters");
        }
    }
}
