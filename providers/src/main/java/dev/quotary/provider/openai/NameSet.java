package dev.quotary.provider.openai;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Keeps a few different names in the order they came. */
final class NameSet implements TextSink {
    private final Set<String> names = new LinkedHashSet<>();

    @Override
    public void add(byte[] json, int from, int to) {
        if (to - from <= AnswerReader.NAME_LENGTH_MAX && names.size() < AnswerReader.FINISH_REASONS_MAX) {
            names.add(new String(json, from, to - from, StandardCharsets.UTF_8));
        }
    }

    boolean empty() {
        return names.isEmpty();
    }

    List<String> names() {
        return List.copyOf(names);
    }
}
