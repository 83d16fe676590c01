package dev.quotary.ledger;

import dev.quotary.price.PartUsage;
import dev.quotary.price.Receipt;
import java.util.Optional;

/**
 * What another model used within a call, and what that cost.
 *
 * @param receipt empty where it could not be priced
 */
public record MeteredPart(PartUsage usage, Optional<Receipt> receipt) {}
