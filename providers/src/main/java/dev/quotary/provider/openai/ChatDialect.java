package dev.quotary.provider.openai;

/**
 * How one family of servers differs from OpenAI.
 *
 * @param bounds what a prompt can count beyond its text
 * @param cap the member that caps the output of chats
 * @param asksForUsage whether {@code stream_options.include_usage} may be sent; where not, the server sends usage unasked or never
 * @param estimatePercent tokens of this family's vocabulary per 100 tokens of OpenAI's, for estimates
 */
public record ChatDialect(Family family, InputBounds bounds, OutputCap cap, boolean asksForUsage, int estimatePercent) {
    public static final ChatDialect OPENAI =
            new ChatDialect(Family.OPENAI, InputBounds.OPENAI, OutputCap.MAX_COMPLETION_TOKENS, true, 100);

    /** xAI puts a hidden prompt of its own before every call, and counts it. */
    public static final ChatDialect XAI =
            new ChatDialect(Family.XAI, InputBounds.OPENAI.perCall(2_000), OutputCap.MAX_COMPLETION_TOKENS, true, 110);

    /** Ollama, vLLM and the like: chat templates add system text, and the older name of the cap is the one that all of them know. */
    public static final ChatDialect COMPATIBLE =
            new ChatDialect(Family.COMPATIBLE, InputBounds.OPENAI.perCall(300), OutputCap.MAX_TOKENS, true, 110);

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

    /** The same for a server that refuses requests with {@code stream_options}. */
    public ChatDialect withoutAskingForUsage() {
        return new ChatDialect(family, bounds, cap, false, estimatePercent);
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
