package dev.quotary.api.prices;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * What an import does, or would do, about one model from one date on.
 *
 * @param from a date; empty for a price that always was
 * @param effect what becomes of it
 * @param changes what is different from the book in force
 * @param doubts why it must be accepted by name before it is declared; empty where nothing is wrong
 * @param remarks what else there is to know, such as fields that were not imported
 */
public record ImportedPrice(
        String provider,
        String model,
        String from,
        Effect effect,
        List<Change> changes,
        List<String> doubts,
        List<String> remarks) {
    public ImportedPrice {
        changes = List.copyOf(changes);
        doubts = List.copyOf(doubts);
        remarks = List.copyOf(remarks);
    }

    /** What becomes of a price of the file. */
    public enum Effect {
        /** The book says the same. */
        UNCHANGED,
        /** The book has no price for the model then. */
        CREATED,
        CHANGED,
        /** It is doubtful and was not accepted. */
        HELD_BACK,
        /** It cannot be said in a row of ours; a remark tells why. */
        LEFT_OUT
    }

    /**
     * One number.
     *
     * @param what such as {@code batch input}
     * @param before US dollars per 1,000,000 units, or a factor; empty where there was none
     */
    public record Change(String what, Optional<BigDecimal> before, Optional<BigDecimal> after) {}

    /** How it is named on the command line. */
    public String name() {
        return provider + "/" + model;
    }
}
