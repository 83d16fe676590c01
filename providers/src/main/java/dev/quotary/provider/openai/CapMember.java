package dev.quotary.provider.openai;

import dev.quotary.provider.json.RequestCursor;
import dev.quotary.provider.json.RequestMembers;
import dev.quotary.provider.openai.Splices.CapPlace;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The member of a request that caps its output, or the place for it where the client named none. */
public final class CapMember {
    static final long TOKENS_MAX = 1_000_000_000;

    private static final int NULL_LENGTH = 4;

    private final String member;
    private long max;
    private @Nullable CapPlace place;

    /** @param member that a cap is put in as; an older name of it may be read as well */
    public CapMember(String member) {
        this.member = member;
    }

    /** Reads the value at hand. Of several names together the largest cap counts: which of them a server obeys is not known. */
    public void read(String name, RequestCursor cursor, RequestMembers members) throws IOException {
        if (!cursor.atNull()) {
            max = Math.max(max, members.number(name, 1, TOKENS_MAX).orElse(1));
        } else if (name.equals(member)) {
            place = new CapPlace(cursor.offset(), cursor.offset() + NULL_LENGTH, "");
        }
    }

    /** Empty if the client named none. */
    public OptionalLong max() {
        return max == 0 ? OptionalLong.empty() : OptionalLong.of(max);
    }

    /** @param end where another member may be put */
    public CapPlace place(int end) {
        return place != null ? place : new CapPlace(end, end, ",\"" + member + "\":");
    }
}
