package dev.quotary.provider.openai.responses;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import dev.quotary.price.TokenUsage;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.json.RequestCursor;
import dev.quotary.provider.openai.InputBounds;
import java.io.IOException;

/**
 * Bounds what a request lets the model read, in one pass and without decoding it: all text by its UTF-8 bytes, images and files by fixed
 * bounds where the format says that it is one, and what lies at the server by what is known of it.
 */
final class ResponseInput {
    private final RequestCursor cursor;
    private final InputBounds bounds;
    private long textBytes;
    private long mediaTokens;
    private long storedTokens;
    private int items;

    ResponseInput(RequestCursor cursor, InputBounds bounds) {
        this.cursor = cursor;
        this.bounds = bounds;
    }

    InputBound bound(long moreTokens) {
        long framing = bounds.perCall() + bounds.perMessage() * items + storedTokens + moreTokens;
        return new InputBound(textBytes, Math.min(mediaTokens, TokenUsage.TOKENS_MAX), framing, items);
    }

    /** Counts what the server adds from its own store. */
    void stored(long tokens) {
        storedTokens += tokens;
    }

    /** Counts a member of the request by the bytes of its JSON. */
    void raw(String name) throws IOException {
        if (!cursor.atNull()) {
            textBytes += name.length() + cursor.skip();
        }
    }

    /** Counts text that was passed elsewhere. */
    void text(long bytes) {
        textBytes += bytes;
    }

    /** Counts the member {@code input}. */
    void read() throws IOException {
        if (cursor.at(VALUE_STRING)) {
            items++;
            textBytes += cursor.textBytes();
        } else if (cursor.at(START_ARRAY)) {
            while (cursor.more()) {
                items++;
                value("");
            }
        } else if (!cursor.atNull()) {
            cursor.rejectType("input", "a string or an array of items");
        }
    }

    /** Counts the value at hand, whose name within its object is known if it has one. */
    private void value(String name) throws IOException {
        if (cursor.at(START_OBJECT)) {
            object();
        } else if (cursor.at(START_ARRAY)) {
            while (cursor.more()) {
                value(name);
            }
        } else if (cursor.at(VALUE_STRING)) {
            textBytes += cursor.textBytes();
        } else {
            textBytes += cursor.skip();
        }
    }

    /** The type of an object may come behind what it is the type of, so what depends on it is counted at its end. */
    private void object() throws IOException {
        String type = "";
        long fileIds = 0;
        long resultBytes = 0;
        long ids = 0;
        while (cursor.ok() && cursor.next() == FIELD_NAME) {
            textBytes += cursor.textBytes();
            String name = cursor.member();
            boolean string = cursor.at(VALUE_STRING);
            switch (name) {
                case "type" -> type = string ? cursor.text() : type;
                case "image_url" -> media(bounds.perImage());
                case "file_url", "video_url", "audio_url" -> media(bounds.perFile());
                case "file_data" -> file();
                case "file_id" -> fileIds += cursor.atNull() ? 0 : 1;
                case "id" -> ids += cursor.atNull() ? 0 : 1;
                case "result" -> resultBytes += string ? cursor.textBytes() : 0;
                default -> {}
            }
            remaining(name, string);
        }
        mediaTokens += fileIds * (type.equals("input_image") ? bounds.perImage() : bounds.perFile());
        boolean picture = type.equals("image_generation_call");
        mediaTokens += picture && resultBytes > 0 ? bounds.perImage() : 0;
        textBytes += picture ? 0 : resultBytes;
        // An item without a type may be a reference too: what it refers to lies at the server.
        boolean reference = type.equals("item_reference") || (type.isEmpty() && ids > 0);
        storedTokens += reference ? KnownContexts.TOKENS_MAX : 0;
    }

    /** Counts, or passes, what {@link #object} has not. */
    private void remaining(String name, boolean string) throws IOException {
        switch (name) {
            case "image_url", "file_url", "video_url", "audio_url", "file_data", "file_id" -> cursor.skip();
            case "type", "id", "result" -> {
                if (!string) {
                    value(name);
                }
            }
            default -> value(name);
        }
    }

    private void media(long tokens) {
        mediaTokens += cursor.atNull() ? 0 : tokens;
    }

    /** A PDF counts by its pages, which have a bound; any other document that was sent whole may be text to its last byte. */
    private void file() {
        boolean document = cursor.at(VALUE_STRING) && !cursor.textStartsWith("data:application/pdf");
        media(document ? Math.max(bounds.perFile(), cursor.textBytes() * 3L / 4) : bounds.perFile());
    }
}
