package dev.quotary.call;

/** Identifies a usage event by 128 bits; written {@code evt_} and 32 hexadecimal digits. */
public record EventId(long high, long low) {
    private static final String PREFIX = "evt_";

    /** @throws IllegalArgumentException if {@code text} is not of the form {@code evt_} and 32 hexadecimal digits */
    public static EventId parse(String text) {
        long[] bits = Bits.parse(PREFIX, text);
        return new EventId(bits[0], bits[1]);
    }

    /** The id of an event that its sender named: the same for the same organization, source and name. */
    public static EventId named(OrganizationKey organization, String source, String name) {
        long[] bits = Bits.digest(organization.value(), "event", source, name);
        return new EventId(bits[0], bits[1]);
    }

    /** As {@link #named(OrganizationKey, String, String)}, within one subject: what end users name never meets what others name. */
    public static EventId named(OrganizationKey organization, SubjectKey owner, String source, String name) {
        long[] bits = Bits.digest(organization.value(), "event of subject", owner.value(), source, name);
        return new EventId(bits[0], bits[1]);
    }

    /** The reservation that this event settles, if it settles one. */
    public ReservationId reservation() {
        return new ReservationId(high, low);
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
