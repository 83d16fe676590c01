package dev.quotary.call;

/** Identifies a usage event by 128 bits; written {@code evt_} and 32 hexadecimal digits. */
public record EventId(long high, long low) {
    private static final String PREFIX = "evt_";
    /** Where UUIDs of one's own form have their version. */
    private static final long VERSION_8 = 0x8000;

    private static final long DIGEST_BITS = 0xfff;

    /** @throws IllegalArgumentException if {@code text} is not of the form {@code evt_} and 32 hexadecimal digits */
    public static EventId parse(String text) {
        long[] bits = Bits.parse(PREFIX, text);
        return new EventId(bits[0], bits[1]);
    }

    /**
     * The id of an event that its sender named: the same for the same organization, source and name, and another for others. It begins
     * with the time that the name begins with, if it does; 76 bits of a digest follow, and never the form of what {@link Ids} makes.
     */
    public static EventId named(OrganizationKey organization, String source, String name) {
        return of(Bits.digest(organization.value(), "event", source, name), TimeInName.millis(name));
    }

    private static EventId of(long[] digest, long millis) {
        return millis < 0
                ? new EventId(digest[0], digest[1])
                : new EventId(millis << 16 | VERSION_8 | (digest[0] & DIGEST_BITS), digest[1]);
    }

    /** As {@link #named(OrganizationKey, String, String)}, within one subject: what end users name never meets what others name. */
    public static EventId named(OrganizationKey organization, SubjectKey owner, String source, String name) {
        return of(
                Bits.digest(organization.value(), "event of subject", owner.value(), source, name),
                TimeInName.millis(name));
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
