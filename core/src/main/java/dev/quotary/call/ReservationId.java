package dev.quotary.call;

/**
 * Identifies a reservation by 128 bits; the usage event that settles it has the same bits ({@link EventId}), which is what makes a
 * repeated commit harmless. Written {@code rsv_} and 32 hexadecimal digits.
 */
public record ReservationId(long high, long low) {
    private static final String PREFIX = "rsv_";

    /** @throws IllegalArgumentException if {@code text} is not of the form {@code rsv_} and 32 hexadecimal digits */
    public static ReservationId parse(String text) {
        long[] bits = Bits.parse(PREFIX, text);
        return new ReservationId(bits[0], bits[1]);
    }

    /** The id that a caller's own id stands for: the same within one organization, different in every other. */
    public static ReservationId named(OrganizationKey organization, String name) {
        long[] bits = Bits.digest(organization.value(), "reservation", name);
        return new ReservationId(bits[0], bits[1]);
    }

    /** As {@link #named(OrganizationKey, String)}, within one subject: what end users name never meets what others name. */
    public static ReservationId named(OrganizationKey organization, SubjectKey owner, String name) {
        long[] bits = Bits.digest(organization.value(), "reservation of subject", owner.value(), name);
        return new ReservationId(bits[0], bits[1]);
    }

    public static boolean hasForm(String text) {
        return Bits.hasForm(PREFIX, text);
    }

    /** The event that this reservation is settled by. */
    public EventId event() {
        return new EventId(high, low);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high ^ low);
    }

    @Override
    public String toString() {
        return Bits.format(PREFIX, high, low);
    }
}
