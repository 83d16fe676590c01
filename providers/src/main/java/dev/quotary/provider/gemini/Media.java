package dev.quotary.provider.gemini;

import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;

/**
 * Bounds images, audio, video and files by what their media types say they are.
 *
 * <p>What costs by its length, but may be long in few bytes (silence, a still picture, an empty page), or whose length the request does not
 * tell, counts as all that the model can read.
 */
final class Media {
    /**
     * Base64 characters of audio for one token, of which a second has 32: the leanest form of these types has 480 bytes a second. Others,
     * such as FLAC, keep hours of silence in a few bytes.
     */
    static final int AUDIO_CHARS_PER_TOKEN = 20;

    private static final Set<String> STEADY_AUDIO = Set.of(
            "audio/mp3",
            "audio/mpeg",
            "audio/mpga",
            "audio/wav",
            "audio/x-wav",
            "audio/wave",
            "audio/vnd.wave",
            "audio/l16",
            "audio/pcm");

    /** Beside {@code text/…}. */
    private static final Set<String> TEXT = Set.of(
            "application/json",
            "application/xml",
            "application/javascript",
            "application/x-javascript",
            "application/x-python",
            "application/x-typescript",
            "application/x-yaml",
            "application/yaml",
            "application/rtf");

    private static final Names BLOB = Names.of("mimeType", "data");

    private final RequestCursor cursor;
    private final GeminiModel model;
    private long tokens;
    private long textBytes;
    private boolean audio;
    private boolean video;
    private String type = "";
    private long chars;

    Media(RequestCursor cursor, GeminiModel model) {
        this.cursor = cursor;
        this.model = model;
    }

    void add(long more) {
        tokens = Math.addExact(tokens, more);
    }

    /** Something that may be of any kind. */
    void anything() {
        audio = true;
        video = true;
    }

    /** A medium within the request. */
    void inline() throws IOException {
        read();
        if (type.startsWith("image/")) {
            add(model.imageTokens());
        } else if (STEADY_AUDIO.contains(type)) {
            audio = true;
            add(1 + chars / AUDIO_CHARS_PER_TOKEN);
        } else if (type.startsWith("text/") || TEXT.contains(type)) {
            add(1 + Math.ceilDiv(chars * 3, 4));
        } else {
            unbounded();
        }
    }

    /** A medium kept elsewhere. */
    void file() throws IOException {
        read();
        if (type.startsWith("image/")) {
            add(model.imageTokens());
        } else {
            unbounded();
        }
    }

    private void unbounded() {
        boolean document = type.equals("application/pdf") || type.startsWith("text/") || TEXT.contains(type);
        audio |= !document;
        video |= !document && !type.startsWith("audio/");
        add(model.contextTokens());
    }

    private void read() throws IOException {
        type = "";
        chars = 0;
        new Members(cursor, BLOB)
                .read(
                        name -> {
                            if (name.equals("mimeType") && cursor.at(VALUE_STRING)) {
                                type = bare(cursor.text());
                                cursor.skip();
                            } else {
                                chars += cursor.valueBytes();
                            }
                        },
                        _ -> textBytes += cursor.valueBytes());
    }

    /** Without parameters, such as the rate of {@code audio/L16;rate=24000}. */
    private static String bare(String mimeType) {
        int end = mimeType.indexOf(';');
        return (end < 0 ? mimeType : mimeType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    long tokens() {
        return tokens;
    }

    /** Names of files and the like. */
    long textBytes() {
        return textBytes;
    }

    boolean audio() {
        return audio;
    }

    boolean video() {
        return video;
    }
}
