package dev.quotary.price;

import java.math.BigDecimal;

/** By what prices are multiplied under one circumstance. */
record ModifierFactor(
        ModelPattern models, PricePeriod period, Modifier modifier, BigDecimal factor, Provenance provenance)
        implements Supplement {}
