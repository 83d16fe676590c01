package dev.quotary.ledger;

import java.util.Locale;

/** Where the cost of a usage event comes from. */
public enum CostBasis {
    /** The price book: the receipt is its arithmetic. */
    BOOK,
    /** The provider said what it charges. */
    PROVIDER,
    /** The caller said so. */
    NAMED,
    /** Something that was used has no price: what was held stands, which is an upper bound. */
    HELD,
    /** The model has no price, and nobody named a cost. */
    UNPRICED,
    /** Nobody asked: nothing was used that costs, or the event is older than this distinction. */
    UNTOLD;

    /** The name in JSON and SQL. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
