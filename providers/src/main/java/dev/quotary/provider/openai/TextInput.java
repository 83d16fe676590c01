package dev.quotary.provider.openai;

import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;

/**
 * Bounds a text that comes as a string, as several, as tokens, or as several lists of tokens: the prompts of completions and the inputs
 * of embeddings.
 */
public final class TextInput {
    /** The most that one request may hold; OpenAI takes 2,048. */
    static final int COUNT_MAX = 4_096;

    private final RequestCursor cursor;
    private long bytes;
    private long tokens;
    private int count;

    public TextInput(RequestCursor cursor) {
        this.cursor = cursor;
    }

    /** UTF-8 bytes of all texts. */
    public long bytes() {
        return bytes;
    }

    /** Tokens that the client sent as such. */
    public long tokens() {
        return tokens;
    }

    /** How many texts there are. */
    public int count() {
        return count;
    }

    /** Counts the value at hand. */
    public void read(String name) throws IOException {
        if (cursor.at(START_ARRAY)) {
            several(name);
        } else if (cursor.at(VALUE_STRING)) {
            one();
        } else {
            cursor.rejectType(name, "a string or an array");
        }
        if (cursor.ok() && (count == 0 || count > COUNT_MAX)) {
            cursor.reject(Rejected.of("Invalid '" + name + "': expected 1 to " + COUNT_MAX + " texts.", name));
        }
    }

    private void one() {
        count++;
        bytes += cursor.textBytes();
    }

    private void several(String name) throws IOException {
        boolean bare = false;
        while (cursor.more()) {
            if (cursor.at(VALUE_NUMBER_INT)) {
                tokens++;
                bare = true;
            } else if (cursor.at(START_ARRAY)) {
                list(name);
            } else if (cursor.at(VALUE_STRING)) {
                one();
            } else {
                element(name);
            }
        }
        count += bare ? 1 : 0;
    }

    private void list(String name) throws IOException {
        count++;
        while (cursor.more()) {
            if (cursor.at(VALUE_NUMBER_INT)) {
                tokens++;
            } else {
                element(name);
            }
        }
    }

    private void element(String name) {
        String found = cursor.at(START_OBJECT) ? ", was an object" : "";
        cursor.rejectType(name, "strings, whole numbers or arrays of whole numbers" + found);
    }
}
