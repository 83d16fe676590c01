package dev.quotary.provider.openai;

import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_FALSE;
import static com.fasterxml.jackson.core.JsonToken.VALUE_TRUE;

import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.json.Edit;
import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads the member {@code stream_options}: whether the client asked for usage, and the change that asks for it if not. */
final class StreamOptions {
    private static final String PARAM = "stream_options.include_usage";

    private final RequestCursor cursor;
    private boolean usageAsked;
    private @Nullable Edit asking;

    StreamOptions(RequestCursor cursor) {
        this.cursor = cursor;
    }

    /** How the answer comes, if these options belong to a stream. */
    Streaming streaming(boolean stream) {
        if (!stream) {
            return Streaming.OFF;
        }
        return usageAsked ? Streaming.ON_WITH_USAGE : Streaming.ON;
    }

    /**
     * The change that asks for usage.
     *
     * @param end where another member may be put into the request
     */
    Edit asking(int end) {
        return asking != null ? asking : new Edit(end, end, ",\"stream_options\":{\"include_usage\":true}");
    }

    void read() throws IOException {
        int start = cursor.offset();
        if (cursor.atNull()) {
            asking = new Edit(start, start + 4, "{\"include_usage\":true}");
        } else if (cursor.at(START_OBJECT)) {
            members(start);
        } else {
            cursor.rejectType("stream_options", "an object");
        }
    }

    private void members(int start) throws IOException {
        int count = 0;
        boolean seen = false;
        while (cursor.more()) {
            count++;
            String name = cursor.member();
            if (!name.equals("include_usage")) {
                cursor.skip();
            } else if (seen) {
                cursor.reject(Rejected.of("Duplicate parameter: '" + PARAM + "'.", PARAM));
            } else {
                seen = true;
                includeUsage();
            }
        }
        if (!seen) {
            asking = new Edit(start + 1, start + 1, count == 0 ? "\"include_usage\":true" : "\"include_usage\":true,");
        }
    }

    private void includeUsage() {
        int start = cursor.offset();
        if (cursor.at(VALUE_TRUE)) {
            usageAsked = true;
        } else if (cursor.at(VALUE_FALSE)) {
            asking = new Edit(start, start + 5, "true");
        } else if (cursor.atNull()) {
            asking = new Edit(start, start + 4, "true");
        } else {
            cursor.rejectType(PARAM, "a boolean");
        }
    }
}
