package dev.quotary.limit;

/** The most that a limit allows, in the meter's smallest unit (picodollars for cost); {@link #UNLIMITED} is said as such. */
public record Maximum(long units) {
    public static final Maximum UNLIMITED = new Maximum(Long.MAX_VALUE);

    public Maximum {
        if (units < 0) {
            throw new IllegalArgumentException("expected a maximum of 0 or more, was " + units);
        }
    }

    public boolean unlimited() {
        return units == Long.MAX_VALUE;
    }

    /** Room beyond this maximum; stays unlimited, and never overflows. */
    public Maximum plus(long more) {
        return more > Long.MAX_VALUE - units ? UNLIMITED : new Maximum(units + more);
    }
}
