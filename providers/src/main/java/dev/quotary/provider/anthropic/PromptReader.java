package dev.quotary.provider.anthropic;

import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonToken;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;

/**
 * Measures a prompt in one pass over the request, without decoding its text.
 *
 * <p>Everything that the model may read counts by its UTF-8 bytes, structured values by the bytes of their JSON. Only where the format
 * itself says that a value is an image or a document, it is counted as one: a photo of a megabyte is not a million tokens.
 */
final class PromptReader {
    private final RequestCursor cursor;
    private final CacheWrites caches;
    private long textBytes;
    private long images;
    private long files;
    private long unknownBytes;
    private int messages;

    PromptReader(RequestCursor cursor, CacheWrites caches) {
        this.cursor = cursor;
        this.caches = caches;
    }

    long textBytes() {
        return textBytes;
    }

    /** Tokens of images and documents at most. */
    long mediaTokens(ClaudeModel model) {
        return images * model.imageTokensMax() + files * model.fileTokensMax() + unknownBytes;
    }

    int messageCount() {
        return messages;
    }

    /** Reads the member {@code messages}. */
    void messages() throws IOException {
        if (!cursor.at(START_ARRAY)) {
            cursor.rejectType("messages", "an array of objects");
            return;
        }
        while (cursor.more()) {
            messages++;
            if (cursor.at(START_OBJECT)) {
                block();
            } else {
                cursor.rejectType("messages", "an array of objects");
            }
        }
        if (cursor.ok() && messages == 0) {
            cursor.reject(Rejected.of("messages: at least one message is required", "messages"));
        }
    }

    /** Reads a text, a block, or an array of blocks. */
    void content() throws IOException {
        if (cursor.at(START_OBJECT)) {
            block();
        } else if (cursor.at(START_ARRAY)) {
            while (cursor.more()) {
                content();
            }
        } else {
            raw();
        }
    }

    /** A message is read like a block: what matters is what stands in its content. */
    private void block() throws IOException {
        boolean image = false;
        boolean document = false;
        var sources = new Sources();
        while (cursor.more()) {
            String name = cursor.member();
            if (CacheWrites.named(name)) {
                caches.read();
            } else if (name.equals("source") && cursor.at(START_OBJECT)) {
                source(sources);
            } else if (name.equals("content")) {
                content();
            } else {
                boolean typed = name.equals("type") && cursor.at(VALUE_STRING);
                image |= typed && cursor.text().equals("image");
                document |= typed && !cursor.text().equals("image");
                raw();
            }
        }
        count(sources, image && !document);
    }

    /** What the sources of one block are, however often a member occurs: whoever reads the first one is bounded by it too. */
    private static final class Sources {
        private long count;
        private long encodedBytes;
        private boolean text;
        private boolean pdf;
    }

    private void source(Sources sources) throws IOException {
        sources.count++;
        while (cursor.more()) {
            String name = cursor.member();
            if (name.equals("data") && cursor.at(VALUE_STRING)) {
                sources.encodedBytes += cursor.textBytes();
            } else if (name.equals("content")) {
                content();
                continue;
            } else if (name.equals("type") && cursor.at(VALUE_STRING)) {
                sources.text |= cursor.text().equals("text") || cursor.text().equals("content");
            } else if (name.equals("media_type") && cursor.at(VALUE_STRING)) {
                sources.pdf |= cursor.text().equals("application/pdf");
            }
            cursor.skip();
        }
    }

    private void count(Sources sources, boolean image) {
        if (sources.text) {
            textBytes += sources.encodedBytes;
        } else if (image) {
            images += sources.count;
        } else {
            files += sources.count;
            unknownBytes += sources.pdf ? 0 : sources.encodedBytes;
        }
    }

    /** Counts a member of the request by its name and the bytes of its JSON. */
    void member(String name) throws IOException {
        textBytes += name.length();
        raw();
    }

    /** Counts the value at hand: a text by its bytes, anything else by the bytes of its JSON. */
    void raw() throws IOException {
        if (cursor.at(VALUE_STRING)) {
            textBytes += cursor.textBytes();
        } else {
            textBytes += pass();
        }
    }

    /** Moves to the end of the value at hand, and notices every wish to write to the cache in it; gives its length in bytes. */
    int pass() throws IOException {
        if (!cursor.at(START_OBJECT) && !cursor.at(START_ARRAY)) {
            return cursor.skip();
        }
        int start = cursor.offset();
        int depth = 1;
        while (depth > 0) {
            JsonToken token = cursor.next();
            if (token == null) {
                return cursor.offset() - start;
            }
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.FIELD_NAME && CacheWrites.named(cursor.text())) {
                cursor.next();
                caches.read();
            }
        }
        return cursor.offset() + 1 - start;
    }
}
