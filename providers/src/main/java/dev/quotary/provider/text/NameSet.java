package dev.quotary.provider.text;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Keeps a few different names in the order they came. */
public final class NameSet implements TextSink {
    public static final int NAMES_MAX = 16;

    private final Set<String> names = new LinkedHashSet<>();

    @Override
    public void add(byte[] json, int from, int to) {
        if (to - from <= NameSlot.LENGTH_MAX && names.size() < NAMES_MAX) {
            names.add(new String(json, from, to - from, StandardCharsets.UTF_8));
        }
    }

    public boolean empty() {
        return names.isEmpty();
    }

    public List<String> names() {
        return List.copyOf(names);
    }
}
