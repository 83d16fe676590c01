package dev.quotary.provider.openai;

import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_FALSE;
import static com.fasterxml.jackson.core.JsonToken.VALUE_TRUE;

import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.json.Edit;
import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the member {@code stream_options}: which usage the client asked for, and the changes that ask for the rest. */
final class StreamOptions {
    private final RequestCursor cursor;
    private final Flag usage = new Flag("include_usage");
    private final Flag totals = new Flag("continuous_usage_stats");
    private @Nullable Edit whole;
    private int inside = -1;
    private boolean empty;

    /** One wish: where it stands, if it does, and whether it is asked for. */
    private static final class Flag {
        private final String name;
        private boolean seen;
        private boolean asked;
        private @Nullable Edit asking;

        Flag(String name) {
            this.name = name;
        }

        String wish() {
            return "\"" + name + "\":true";
        }

        String param() {
            return "stream_options." + name;
        }
    }

    StreamOptions(RequestCursor cursor) {
        this.cursor = cursor;
    }

    /** How the answer comes, if these options belong to a stream. Totals are for those only who ask for usage. */
    Streaming streaming(boolean stream) {
        if (!stream) {
            return Streaming.OFF;
        }
        if (!usage.asked) {
            return Streaming.ON;
        }
        return totals.asked ? Streaming.ON_WITH_RUNNING_USAGE : Streaming.ON_WITH_USAGE;
    }

    /**
     * The changes that ask for what the client has not asked for.
     *
     * @param end where another member may be put into the request
     */
    List<Edit> asking(StreamUsage wanted, boolean stream, int end) {
        if (!stream || wanted == StreamUsage.UNASKED) {
            return List.of();
        }
        var wishes = wanted == StreamUsage.CONTINUOUS ? Stream.of(usage, totals) : Stream.of(usage);
        var missing = wishes.filter(flag -> !flag.asked).toList();
        var absent = missing.stream().filter(flag -> !flag.seen).toList();
        var texts = absent.stream().map(Flag::wish).collect(Collectors.joining(","));
        var edits = new ArrayList<Edit>();
        missing.forEach(flag -> {
            if (flag.asking != null) {
                edits.add(flag.asking);
            }
        });
        if (whole != null) {
            edits.add(new Edit(whole.from(), whole.to(), "{" + texts + "}"));
        } else if (inside < 0 && !absent.isEmpty()) {
            edits.add(new Edit(end, end, ",\"stream_options\":{" + texts + "}"));
        } else if (!absent.isEmpty()) {
            edits.add(new Edit(inside, inside, empty ? texts : texts + ","));
        }
        return edits;
    }

    void read() throws IOException {
        int start = cursor.offset();
        if (cursor.atNull()) {
            whole = new Edit(start, start + 4, "");
        } else if (cursor.at(START_OBJECT)) {
            members(start);
        } else {
            cursor.rejectType("stream_options", "an object");
        }
    }

    private void members(int start) throws IOException {
        inside = start + 1;
        empty = true;
        while (cursor.more()) {
            empty = false;
            String name = cursor.member();
            if (name.equals(usage.name)) {
                read(usage);
            } else if (name.equals(totals.name)) {
                read(totals);
            } else {
                cursor.skip();
            }
        }
    }

    private void read(Flag flag) {
        if (flag.seen) {
            cursor.reject(Rejected.of("Duplicate parameter: '" + flag.param() + "'.", flag.param()));
            return;
        }
        flag.seen = true;
        int start = cursor.offset();
        if (cursor.at(VALUE_TRUE)) {
            flag.asked = true;
        } else if (cursor.at(VALUE_FALSE)) {
            flag.asking = new Edit(start, start + 5, "true");
        } else if (cursor.atNull()) {
            flag.asking = new Edit(start, start + 4, "true");
        } else {
            cursor.rejectType(flag.param(), "a boolean");
        }
    }
}
