package dev.quotary.provider.openai;

/** The member of a request that caps what each choice may write. */
public enum OutputCap {
    MAX_COMPLETION_TOKENS("max_completion_tokens"),
    /** The older name, deprecated at OpenAI, where reasoning models refuse it. */
    MAX_TOKENS("max_tokens");

    private final String member;

    OutputCap(String member) {
        this.member = member;
    }

    String member() {
        return member;
    }
}
