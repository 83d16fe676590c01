package dev.quotary.queue;

/**
 * Where somebody stands in the order.
 *
 * @param line those among whom there is an order: nobody overtakes within one, and different ones never wait for each other
 * @param party within the same priority, parties take turns; within a party, who came first goes first
 * @param priority higher ones go first
 * @param bytes what its waiting keeps in memory, as far as that is worth counting
 */
public record Place<L>(L line, String party, int priority, long bytes) {
    public Place {
        if (bytes < 0) {
            throw new IllegalArgumentException("expected 0 bytes or more, was " + bytes);
        }
    }
}
