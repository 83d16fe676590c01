package dev.quotary.provider.text;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.END_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.knuddels.jtokkit.api.Encoding;
import dev.quotary.provider.json.ByteBuilder;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Counts the tokens of a prompt's texts with a vocabulary. Where the texts are, each format knows: it walks over its request and tells which
 * values count, as text or as the JSON that they are. For one thread.
 */
public final class PromptCount {
    private final byte[] body;
    private final JsonParser parser;
    private final Encoding encoding;
    private long tokens;
    private long countedBytes;
    private boolean complete;

    /** The way of one format over its requests. */
    @FunctionalInterface
    public interface Walk {
        /**
         * Walks from the beginning of a request to its end.
         *
         * @return whether the end came
         * @throws IOException where the bytes end before the request does
         */
        boolean over(PromptCount count, JsonParser parser) throws IOException;
    }

    private PromptCount(byte[] body, JsonParser parser, Encoding encoding) {
        this.body = body;
        this.parser = parser;
        this.encoding = encoding;
    }

    /** Counts a request, or as much of it as these bytes hold: they may end anywhere. */
    public static PromptCount of(Json json, byte[] beginning, Encoding encoding, Walk walk) {
        try (JsonParser parser = json.parser(beginning, 0, beginning.length)) {
            var count = new PromptCount(beginning, parser, encoding);
            count.complete = count.walked(walk);
            return count;
        } catch (IOException e) {
            throw new IllegalStateException("closing a parser on memory failed", e);
        }
    }

    private boolean walked(Walk walk) {
        try {
            return walk.over(this, parser);
        } catch (IOException e) {
            // The bytes ended before the request did: it was read in full once, so nothing else can be wrong with it.
            return false;
        }
    }

    public long tokens() {
        return tokens;
    }

    /** UTF-8 bytes of the texts that were counted. */
    public long countedBytes() {
        return countedBytes;
    }

    /** Whether the request was counted to its end. */
    public boolean complete() {
        return complete;
    }

    /** What all bytes count, if the rest is like those that were counted; a token per byte if none were. */
    public static long projected(long tokens, long countedBytes, long bytes) {
        if (countedBytes == bytes) {
            return tokens;
        }
        return countedBytes == 0 ? bytes : Math.ceilDiv(Math.multiplyExact(tokens, bytes), countedBytes);
    }

    /** Counts a token that stands for no text. */
    public void token() {
        tokens++;
    }

    /** Counts the value at hand if it is a text, or as much of it as the bytes hold. */
    public void text() throws IOException {
        text("");
    }

    /** The same with what closes it. */
    public void text(String closing) throws IOException {
        if (parser.currentToken() != VALUE_STRING) {
            parser.skipChildren();
            return;
        }
        int from = (int) parser.currentTokenLocation().getByteOffset() + 1;
        var decoded = new ByteBuilder();
        JsonText.decode(body, from, JsonText.end(body, from, body.length), decoded);
        add(new String(decoded.array(), 0, decoded.size(), StandardCharsets.UTF_8) + closing, decoded.size());
    }

    /** Counts the JSON of the object or array at hand, whole or cut off. */
    public void json() throws IOException {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        int to = body.length;
        try {
            parser.skipChildren();
            to = compound() ? (int) parser.currentTokenLocation().getByteOffset() + 1 : from;
        } finally {
            add(new String(body, from, to - from, StandardCharsets.UTF_8), to - from);
        }
    }

    /** The same, if it is whole. */
    public void wholeJson() throws IOException {
        int from = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        if (compound()) {
            int to = (int) parser.currentTokenLocation().getByteOffset() + 1;
            add(new String(body, from, to - from, StandardCharsets.UTF_8), to - from);
        }
    }

    private boolean compound() {
        return parser.currentToken() == END_ARRAY || parser.currentToken() == END_OBJECT;
    }

    private void add(String text, long bytes) {
        tokens += encoding.countTokensOrdinary(text);
        countedBytes += bytes;
    }
}
