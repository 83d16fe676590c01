package dev.quotary.api.live;

import dev.quotary.api.live.Item.About;
import dev.quotary.call.OrganizationKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What is told of one organization, or of all, and who reads it. Only the thread of {@link Live} tells; any thread may read, come and go.
 */
final class Channel {
    private static final int RADIX = 36;

    private final @Nullable OrganizationKey organization;
    private final String idPrefix;
    private final Ring ring;
    private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
    /** How far the ledger has been read, by organization; only for the thread of {@link Live}, once it is there. */
    private final Map<OrganizationKey, Long> read = new HashMap<>();

    /** The number of the newest event told; -1 where events have none. */
    private volatile long newest = -1;
    /** Since which tick nobody reads it; -1 while somebody does. Guarded by {@link Live}. */
    private long idleSince = -1;

    /** @param serial that no other channel of this run has */
    Channel(@Nullable OrganizationKey organization, String serial, LiveOptions options) {
        this.organization = organization;
        this.idPrefix = serial + "-";
        this.ring = new Ring(options.itemsMax(), options.bytesMax());
    }

    @Nullable OrganizationKey organization() {
        return organization;
    }

    Ring ring() {
        return ring;
    }

    Set<Stream> streams() {
        return streams;
    }

    /** Events of the one organization have numbers from now on. */
    void begin(long number) {
        newest = number;
    }

    Map<OrganizationKey, Long> read() {
        return read;
    }

    long idleSince() {
        return idleSince;
    }

    void idleSince(long tick) {
        idleSince = tick;
    }

    /** An id that was told by now. */
    String position() {
        long number = newest;
        return number >= 0 ? LedgerId.of(number) : id(ring.next() - 1);
    }

    private String id(long position) {
        return idPrefix + Long.toString(position + 1, RADIX);
    }

    /** The position after a thing of this channel that was told last to somebody; -1 if it is not known (any more). */
    long after(String id) {
        return id.startsWith(idPrefix) ? afterOwn(id.substring(idPrefix.length())) : ring.after(id);
    }

    /** An id that was greeted with need not be that of an item. */
    private long afterOwn(String number) {
        try {
            long position = Long.parseLong(number, RADIX);
            return position >= 0 && position <= ring.next() && !ring.lost(position) ? position : -1;
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    /** Tells something under an id of this channel's own. */
    void tell(String name, About about, byte[] whole, byte[] own) {
        long position = ring.next();
        add(new Named(id(position), 0, name), about, whole, own);
    }

    /** Tells something that nobody can go on after. */
    void tellOnce(String name, About about, byte[] whole, byte[] own) {
        add(new Named("", 0, name), about, whole, own);
    }

    /** Tells an event of the ledger, which any server can go on after. */
    void tell(long number, About about, byte[] usage) {
        add(new Named(LedgerId.of(number), number, "usage"), about, usage, usage);
        newest = number;
    }

    private record Named(String id, long number, String name) {}

    @SuppressWarnings("ReferenceEquality") // What reads the same for everybody is the same array, and is kept once.
    private void add(Named named, About about, byte[] whole, byte[] own) {
        byte[] all = Item.frame(named.id(), named.name(), whole);
        byte[] theirs = own.length == 0 ? own : own == whole ? all : Item.frame(named.id(), named.name(), own);
        ring.add(new Item(ring.next(), named.id(), named.number(), about, all, theirs));
    }

    void wake() {
        streams.forEach(Stream::wake);
    }
}
