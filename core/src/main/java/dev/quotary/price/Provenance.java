package dev.quotary.price;

/**
 * Where a price comes from, for people who check it.
 *
 * @param sources who publishes it; in the built-in book letters: L litellm, G genai-prices, P pi-ai (models.dev), D a provider's document
 * @param note what to know about it; may be empty
 */
public record Provenance(String sources, String note) {
    /** Nothing is known. */
    public static final Provenance NONE = new Provenance("", "");
}
