package dev.quotary.price;

/** A dated price, or part of one, that is declared for many models at once beside their price rows. */
sealed interface Supplement permits FeePrice, ModifierFactor {
    /** Whose calls it holds for. */
    ModelPattern models();

    PricePeriod period();
}
