package dev.quotary.api.reconcile;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What a provider says of one day and model, or a part of it.
 *
 * @param model the empty text where the report does not say
 * @param counts what was used; empty in a report of costs
 * @param cost US dollars; empty in a report of use
 */
public record ReportRow(LocalDate day, String model, Optional<Counts> counts, Optional<BigDecimal> cost) {
    /**
     * What was used.
     *
     * @param input all tokens of prompts, cached ones too
     */
    public record Counts(Optional<Long> requests, long input, long output) {}
}
