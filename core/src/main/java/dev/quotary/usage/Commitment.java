package dev.quotary.usage;

import dev.quotary.call.Dimensions;
import dev.quotary.ledger.Metered;
import dev.quotary.ledger.Result;

/**
 * What a reservation is settled with.
 *
 * @param dimensions of the use as it turned out; the reservation's own unless the caller adds to them
 * @param metadata JSON object as text; empty for none
 * @param fingerprint of what the caller said; a repeat with another one is refused
 */
public record Commitment(Metered metered, Result result, Dimensions dimensions, String metadata, long fingerprint) {}
