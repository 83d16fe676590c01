package dev.quotary.provider.text;

import dev.quotary.provider.json.ByteBuilder;
import dev.quotary.provider.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Keeps the last of a row of names that are nearly always the same, and decodes it when asked. Empty names are none. */
public final class NameSlot implements TextSink {
    /** Names longer than this are none of a model or a tier. */
    public static final int LENGTH_MAX = 256;

    private byte[] raw = {};

    @Override
    public void add(byte[] json, int from, int to) {
        boolean name = from < to && to - from <= LENGTH_MAX;
        if (name && !Arrays.equals(raw, 0, raw.length, json, from, to)) {
            raw = Arrays.copyOfRange(json, from, to);
        }
    }

    public Optional<String> name() {
        return raw.length == 0 ? Optional.empty() : Optional.of(decoded());
    }

    private String decoded() {
        var text = new ByteBuilder();
        JsonText.decode(raw, 0, raw.length, text);
        return new String(text.array(), 0, text.size(), StandardCharsets.UTF_8);
    }
}
