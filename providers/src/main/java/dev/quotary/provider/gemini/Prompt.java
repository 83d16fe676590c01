package dev.quotary.provider.gemini;

import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import dev.quotary.provider.InputBound;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;

/**
 * Bounds the tokens of a prompt in one pass over the request, without decoding its text.
 *
 * <p>Everything that the model might be shown counts by its UTF-8 bytes. Only where the format itself says that a value is an image, audio
 * or a file, its bound takes the place of its bytes.
 */
final class Prompt {
    /** What the API adds before the first and around each content. */
    private static final int TOKENS_PER_CALL = 32;

    private static final int TOKENS_PER_CONTENT = 8;

    private static final Names CONTENT = Names.of("parts");
    private static final Names PART = Names.of("inlineData", "fileData", "functionResponse", "mediaResolution");
    private static final Names RESOLUTION = Names.of("numTokens");

    private final RequestCursor cursor;
    private final Media media;
    private final long contextTokens;
    private long textBytes;
    private int contents;

    Prompt(RequestCursor cursor, GeminiModel model) {
        this.cursor = cursor;
        this.media = new Media(cursor, model);
        this.contextTokens = model.contextTokens();
    }

    /** Whether the prompt may hold audio. */
    boolean hasAudio() {
        return media.audio();
    }

    /** Whether the prompt may hold video. */
    boolean hasVideo() {
        return media.video();
    }

    /** Adds tokens that stand in no text: of tools that feed the model, or of context kept at the provider. */
    void add(long tokens) {
        media.add(tokens);
    }

    /** Everything the model can read may be read. */
    void addContext() {
        media.add(contextTokens);
    }

    /** Context kept at the provider may hold anything. */
    void addUnseenContext() {
        addContext();
        media.anything();
    }

    InputBound bound() {
        long framing = TOKENS_PER_CALL + (long) TOKENS_PER_CONTENT * contents;
        return new InputBound(
                textBytes + media.textBytes(), Math.min(media.tokens(), contextTokens), framing, contents);
    }

    int contents() {
        return contents;
    }

    /** Counts contents: one, or an array of them. */
    void contents(String name) throws IOException {
        if (!cursor.at(START_ARRAY)) {
            content(name);
            return;
        }
        while (cursor.more()) {
            content(name);
        }
    }

    /** Counts one content; the API takes a bare string for some. */
    void content(String name) throws IOException {
        contents = Math.addExact(contents, 1);
        if (cursor.at(VALUE_STRING)) {
            textBytes += cursor.valueBytes();
        } else if (cursor.at(START_OBJECT)) {
            new Members(cursor, CONTENT).read(_ -> parts(), _ -> textBytes += cursor.valueBytes());
        } else {
            cursor.reject(Rejected.of("Invalid type for '" + name + "': expected contents with parts.", name));
        }
    }

    /** Counts parts: one, or an array of them. */
    private void parts() throws IOException {
        if (!cursor.at(START_ARRAY)) {
            part();
            return;
        }
        while (cursor.more()) {
            part();
        }
    }

    private void part() throws IOException {
        if (cursor.at(START_OBJECT)) {
            new Members(cursor, PART).read(this::partMember, _ -> textBytes += cursor.valueBytes());
        } else {
            textBytes += cursor.valueBytes();
        }
    }

    private void partMember(String name) throws IOException {
        if (!cursor.at(START_OBJECT)) {
            textBytes += cursor.valueBytes();
            return;
        }
        switch (name) {
            case "inlineData" -> media.inline();
            case "fileData" -> media.file();
            case "mediaResolution" ->
                new Members(cursor, RESOLUTION).read(_ -> resolution(), _ -> textBytes += cursor.valueBytes());
            // What a tool answered may hold media, in parts of its own.
            default -> new Members(cursor, CONTENT).read(_ -> parts(), _ -> textBytes += cursor.valueBytes());
        }
    }

    /** A caller may wish for a number of tokens per medium, beyond what is usual. */
    private void resolution() throws IOException {
        media.add(cursor.wholeNumber(1, contextTokens).orElse(contextTokens));
        cursor.skip();
    }

    /** Counts a member by the bytes of its JSON. */
    void raw(String name) throws IOException {
        if (!cursor.atNull()) {
            textBytes += name.length() + cursor.skip();
        }
    }
}
