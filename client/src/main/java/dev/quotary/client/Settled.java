package dev.quotary.client;

import java.math.BigDecimal;
import java.util.Map;

/** What became of a usage that was told: it is in the ledger, it is kept and will be told again, or it is lost. */
public sealed interface Settled {
    /** Usage that nobody has to think of any more: it survives the death of the server, and counts once. */
    record Recorded(String eventId, BigDecimal cost, Map<String, Long> quantities, boolean late) implements Settled {
        /**
         * @param eventId by which {@code GET /api/v1/usage/events/{id}} finds it with its receipt
         * @param cost in US dollars
         * @param quantities by meter; of commits only
         * @param late whether the reservation had expired before
         */
        public Recorded {
            quantities = Map.copyOf(quantities);
        }
    }

    /**
     * The server could not be told, and will be: see {@link UnsentOptions} for how long and how much is kept.
     *
     * @param id under which {@link UsageListener} hears what becomes of it
     */
    record Kept(String id) implements Settled {}

    /**
     * It could be neither told nor kept; {@link UsageListener#dropped} has its content. Only of calls that the SDK wraps: their result goes
     * before an exception. Who commits or records gets the exception.
     */
    record Lost(String reason) implements Settled {}
}
