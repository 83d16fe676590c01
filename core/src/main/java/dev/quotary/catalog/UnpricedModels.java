package dev.quotary.catalog;

import java.util.Locale;

/** What becomes of calls of models that nothing has a price for. */
public enum UnpricedModels {
    /** Refused where a limit on cost applies, since it could not count them. */
    REFUSE,
    /** Always refused. */
    BLOCK,
    /** Made; they cost what the provider or the caller says, and nothing where neither does, marked as having no price. */
    ALLOW;

    /** The name in plans files. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
