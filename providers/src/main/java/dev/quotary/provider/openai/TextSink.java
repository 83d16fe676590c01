package dev.quotary.provider.openai;

/** Takes the inside of JSON strings where they lie. */
@FunctionalInterface
interface TextSink {
    void add(byte[] json, int from, int to);
}
