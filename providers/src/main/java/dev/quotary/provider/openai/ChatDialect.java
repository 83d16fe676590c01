package dev.quotary.provider.openai;

/**
 * How one family of servers differs from OpenAI.
 *
 * @param bounds what a prompt can count beyond its text
 * @param cap the member that caps the output of chats
 * @param streamUsage what its streams are asked for
 * @param estimatePercent tokens of this family's vocabulary per 100 tokens of OpenAI's, for estimates
 */
public record ChatDialect(
        Family family, InputBounds bounds, OutputCap cap, StreamUsage streamUsage, int estimatePercent) {
    public static final ChatDialect OPENAI =
            new ChatDialect(Family.OPENAI, InputBounds.OPENAI, OutputCap.MAX_COMPLETION_TOKENS, StreamUsage.ASK, 100);

    /** xAI puts a hidden prompt of its own before every call, and counts it. */
    public static final ChatDialect XAI = new ChatDialect(
            Family.XAI, InputBounds.OPENAI.perCall(2_000), OutputCap.MAX_COMPLETION_TOKENS, StreamUsage.ASK, 110);

    /** Ollama, vLLM and the like: chat templates add system text, and the older name of the cap is the one that all of them know. */
    public static final ChatDialect COMPATIBLE = new ChatDialect(
            Family.COMPATIBLE, InputBounds.OPENAI.perCall(300), OutputCap.MAX_TOKENS, StreamUsage.ASK, 110);

    /** Who speaks it. */
    public enum Family {
        OPENAI,
        XAI,
        COMPATIBLE
    }

    /** Whether the vocabulary of its models is among those we can count with. */
    boolean publishedVocabulary() {
        return estimatePercent == 100;
    }

    public ChatDialect {
        if (estimatePercent < 1) {
            throw new IllegalArgumentException("expected a percentage of 1 or more, was " + estimatePercent);
        }
    }

    /** The same for a server whose streams are asked for something else. */
    public ChatDialect asking(StreamUsage other) {
        return new ChatDialect(family, bounds, cap, other, estimatePercent);
    }

    /**
     * The name of one of its wire formats on usage events.
     *
     * @param api such as {@code chat}
     */
    public String id(String api) {
        return (family == Family.XAI ? "xai." : "openai.") + api;
    }
}
