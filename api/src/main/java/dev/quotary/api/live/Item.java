package dev.quotary.api.live;

import dev.quotary.call.SubjectKey;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a stream tells, in the bytes that go out.
 *
 * @param position in its channel
 * @param id after which a reader can go on; empty for what is told once
 * @param number of the event in the ledger; 0 where it is not known
 * @param about whom it is about
 * @param whole for whoever may see everything of the organization
 * @param own for the subject's own browser; empty if there is nothing to see
 */
@SuppressWarnings(
        "ArrayRecordComponent") // Written once, read by many streams, never changed: copies would cost what this saves.
record Item(long position, String id, long number, About about, byte[] whole, byte[] own) {
    static final byte[] NOTHING = {};

    /**
     * Whom something is about.
     *
     * @param subject null for an organization as a whole
     * @param everybody whether all readers are told, whatever they look at
     */
    record About(@Nullable SubjectKey subject, boolean everybody) {
        static final About EVERYBODY = new About(null, true);

        static About subject(@Nullable SubjectKey subject) {
            return new About(subject, false);
        }
    }

    /** What it takes in memory, at most. */
    long bytes() {
        return 96L + whole.length + own.length;
    }

    /** The bytes of one event. */
    static byte[] frame(String id, String name, byte[] json) {
        var head = (id.isEmpty() ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: ";
        byte[] begin = head.getBytes(StandardCharsets.UTF_8);
        var frame = new byte[begin.length + json.length + 2];
        System.arraycopy(begin, 0, frame, 0, begin.length);
        System.arraycopy(json, 0, frame, begin.length, json.length);
        frame[frame.length - 2] = '\n';
        frame[frame.length - 1] = '\n';
        return frame;
    }
}
