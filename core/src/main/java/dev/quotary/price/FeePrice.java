package dev.quotary.price;

import java.math.BigDecimal;

/**
 * The price of one component that the price sheet has no column for: of a fee that is the same for many models of a provider, or of audio
 * and images.
 *
 * @param perMillion US dollars per 1,000,000 units
 */
record FeePrice(
        ModelPattern models, PricePeriod period, Component component, BigDecimal perMillion, Provenance provenance)
        implements Supplement {}
