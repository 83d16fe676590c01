package dev.quotary.ledger;

/**
 * What a comparison has looked at.
 *
 * @param events in the ledger at that moment
 * @param rollups rows of the hourly rollup that were compared
 * @param sums stored uses of counters that were compared
 * @param sumsPassedOver stored uses that the events alone do not determine: see {@link Coverage}
 * @param differences that were told
 */
public record Verification(long events, long rollups, long sums, long sumsPassedOver, long differences) {
    public static final Verification NOTHING = new Verification(0, 0, 0, 0, 0);

    public Verification plus(Verification other) {
        return new Verification(
                events + other.events,
                rollups + other.rollups,
                sums + other.sums,
                sumsPassedOver + other.sumsPassedOver,
                differences + other.differences);
    }

    public boolean clean() {
        return differences == 0;
    }
}
