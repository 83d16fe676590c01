package dev.quotary.provider.text;

/** Takes the inside of JSON strings where they lie. */
@FunctionalInterface
public interface TextSink {
    void add(byte[] json, int from, int to);
}
