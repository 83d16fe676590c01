package dev.quotary.provider.openai;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonToken;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;

/**
 * Bounds the tokens of a prompt in one pass over the request, without decoding its text.
 *
 * <p>Everything that a server might put before the model counts by its UTF-8 bytes. Only where the format itself says that a value is an
 * image, audio or a file, its bound takes the place of its bytes: a photo of a megabyte is not a million tokens.
 */
final class PromptCounter {
    private final RequestCursor cursor;
    private final InputBounds bounds;
    private long textBytes;
    private long mediaTokens;
    private int messages;
    private boolean serverTools;
    private boolean audio;

    PromptCounter(RequestCursor cursor, InputBounds bounds) {
        this.cursor = cursor;
        this.bounds = bounds;
    }

    /** Whether a tool runs at the provider, which may charge for it. */
    boolean serverTools() {
        return serverTools;
    }

    /** Whether the prompt may hold audio. */
    boolean hasAudio() {
        return audio;
    }

    InputBound bound() {
        long framing = bounds.perCall() + bounds.perMessage() * messages;
        return new InputBound(textBytes, Math.min(mediaTokens, TokenUsage.TOKENS_MAX), framing, messages);
    }

    /** Counts the member {@code messages}. */
    void messages() throws IOException {
        if (!cursor.at(START_ARRAY)) {
            cursor.rejectType("messages", "an array of objects");
            return;
        }
        while (cursor.more()) {
            messages++;
            if (cursor.at(START_OBJECT)) {
                message();
            } else {
                cursor.rejectType("messages", "an array of objects");
            }
        }
        if (cursor.ok() && messages == 0) {
            cursor.reject(Rejected.of("Invalid 'messages': expected at least one message.", "messages"));
        }
    }

    private void message() throws IOException {
        while (cursor.more()) {
            String name = cursor.member();
            if (name.equals("content") && cursor.at(START_ARRAY)) {
                parts();
            } else if (name.equals("audio") && !cursor.atNull()) {
                cursor.skip();
                mediaTokens += bounds.perAudioReply();
                audio = true;
            } else {
                value();
            }
        }
    }

    private void parts() throws IOException {
        while (cursor.more()) {
            if (cursor.at(START_OBJECT)) {
                part();
            } else {
                value();
            }
        }
    }

    private void part() throws IOException {
        while (cursor.more()) {
            switch (cursor.member()) {
                case "image_url", "input_image" -> media(bounds.perImage());
                case "file", "input_file" -> file();
                case "video_url", "input_video", "audio_url" -> {
                    audio = true;
                    media(bounds.perFile());
                }
                case "input_audio" -> audio();
                default -> value();
            }
        }
    }

    private void media(long tokens) throws IOException {
        mediaTokens += cursor.atNull() ? 0 : tokens;
        cursor.skip();
    }

    /** A PDF counts by its pages, which have a bound; any other document that was sent whole may be text to its last byte. */
    private void file() throws IOException {
        long encoded = 0;
        if (cursor.at(START_OBJECT)) {
            while (cursor.more()) {
                boolean sent = cursor.member().equals("file_data") && cursor.at(VALUE_STRING);
                encoded += sent && !cursor.textStartsWith("data:application/pdf") ? cursor.textBytes() : 0;
                cursor.skip();
            }
            mediaTokens += Math.max(bounds.perFile(), encoded * 3 / 4);
        } else {
            media(bounds.perFile());
        }
    }

    private void audio() throws IOException {
        audio = true;
        if (!cursor.at(START_OBJECT)) {
            value();
            return;
        }
        long chars = 0;
        boolean wav = false;
        while (cursor.more()) {
            String name = cursor.member();
            wav |= name.equals("format")
                    && cursor.at(VALUE_STRING)
                    && cursor.text().equals("wav");
            chars += cursor.skip();
        }
        mediaTokens += 1 + chars / (wav ? InputBounds.WAV_CHARS_PER_TOKEN : InputBounds.AUDIO_CHARS_PER_TOKEN);
    }

    /** Counts the member {@code tools}, whose schemas the model reads. */
    void tools() throws IOException {
        if (!cursor.at(START_ARRAY)) {
            raw("tools");
            return;
        }
        int start = cursor.offset();
        while (cursor.more()) {
            if (cursor.at(START_OBJECT)) {
                tool();
            } else {
                cursor.skip();
            }
        }
        textBytes += cursor.offset() + 1 - start;
    }

    private void tool() throws IOException {
        while (cursor.more()) {
            String name = cursor.member();
            if (name.equals("type") && cursor.at(VALUE_STRING)) {
                serverTools |=
                        !cursor.text().equals("function") && !cursor.text().equals("custom");
            }
            cursor.skip();
        }
    }

    /** Counts a member of the request by the bytes of its JSON. */
    void raw(String name) throws IOException {
        if (cursor.atNull()) {
            return;
        }
        textBytes += name.length() + cursor.skip();
    }

    /** Counts a value: its texts by their bytes, and the names within it, since a server may show them to the model. */
    private void value() throws IOException {
        int depth = 0;
        do {
            depth += count();
        } while (depth > 0 && cursor.next() != null);
    }

    private int count() throws IOException {
        if (cursor.at(VALUE_STRING) || cursor.at(FIELD_NAME)) {
            textBytes += cursor.textBytes();
            return 0;
        }
        if (cursor.at(START_OBJECT) || cursor.at(START_ARRAY)) {
            return 1;
        }
        if (cursor.at(JsonToken.END_OBJECT) || cursor.at(JsonToken.END_ARRAY)) {
            return -1;
        }
        textBytes += cursor.at(VALUE_NULL) ? 0 : cursor.skip();
        return 0;
    }
}
