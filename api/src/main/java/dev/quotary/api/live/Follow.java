package dev.quotary.api.live;

import dev.quotary.api.live.Item.About;
import dev.quotary.call.OrganizationKey;
import dev.quotary.ledger.Tail;
import dev.quotary.ledger.Tail.Numbered;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads what is recorded from the ledger itself: the way for several servers on one database. */
final class Follow {
    private static final int PAGE = 500;
    /** So much is read for a reader that comes again; who has missed more asks for sums instead. */
    private static final int MISSED_MAX = 1_000;

    private final Tail tail;
    private final Words words;

    Follow(Tail tail, Words words) {
        this.tail = tail;
        this.words = words;
    }

    /**
     * What a reader has missed.
     *
     * @param until the number of the last event of it
     */
    record Missed(Buffer frames, long until) {}

    /** From where on a channel tells. May block. */
    void begin(Channel channel) {
        var organization = channel.organization();
        if (organization == null) {
            channel.read().putAll(tail.newest());
        } else {
            long newest = tail.newest(organization);
            channel.read().put(organization, newest);
            channel.begin(newest);
        }
    }

    /**
     * What came after an event that was told last, by whichever server; empty if that is not known, or too much. May block.
     */
    Optional<Missed> missed(Sight sight, String lastId) {
        var number = LedgerId.parse(lastId);
        var organization = sight.organization();
        if (number.isEmpty() || organization == null || number.getAsLong() > tail.newest(organization)) {
            return Optional.empty();
        }
        var events = tail.after(organization, number.getAsLong(), MISSED_MAX + 1);
        if (events.size() > MISSED_MAX) {
            return Optional.empty();
        }
        var frames = Buffer.buffer();
        for (var each : events) {
            byte[] usage = words.usage(each.event());
            var frame = Item.frame(LedgerId.of(each.number()), "usage", usage);
            frames.appendBytes(sight.of(new Item(
                    0, "", each.number(), About.subject(each.event().call().subject()), frame, frame)));
        }
        return Optional.of(new Missed(
                frames, events.isEmpty() ? number.getAsLong() : events.getLast().number()));
    }

    /** Tells a channel what is new. May block. */
    void read(Channel channel, Consumer<Numbered> seen) {
        var own = channel.organization();
        if (own != null) {
            read(channel, own, seen);
            return;
        }
        var before = new HashMap<>(channel.read());
        tail.newest().forEach((organization, newest) -> {
            if (newest > before.getOrDefault(organization, 0L)) {
                read(channel, organization, seen);
            }
        });
    }

    private void read(Channel channel, OrganizationKey organization, Consumer<Numbered> seen) {
        List<Numbered> page;
        do {
            long read = channel.read().getOrDefault(organization, 0L);
            page = tail.after(organization, read, PAGE);
            for (var each : page) {
                tell(channel, each);
                seen.accept(each);
            }
            if (!page.isEmpty()) {
                channel.read().put(organization, page.getLast().number());
            }
        } while (page.size() == PAGE);
    }

    private void tell(Channel channel, Numbered each) {
        var about = About.subject(each.event().call().subject());
        byte[] usage = words.usage(each.event());
        if (channel.organization() == null) {
            channel.tell("usage", about, usage, usage);
        } else {
            channel.tell(each.number(), about, usage);
        }
    }
}
