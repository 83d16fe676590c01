package dev.quotary.provider;

/**
 * The most tokens a prompt can count, known without a tokenizer: no vocabulary in use needs more than one token per UTF-8 byte.
 *
 * @param textBytes UTF-8 bytes of everything that may be read as text
 * @param mediaTokens bound for images, audio and files
 * @param framingTokens bound for what the provider adds around and between messages
 * @param messages number of messages
 */
public record InputBound(long textBytes, long mediaTokens, long framingTokens, int messages) {
    public InputBound {
        if (textBytes < 0 || mediaTokens < 0 || framingTokens < 0 || messages < 0) {
            throw new IllegalArgumentException("expected counts of 0 or more, was " + textBytes + " bytes of text, "
                    + mediaTokens + " media tokens, " + framingTokens + " framing tokens, " + messages + " messages");
        }
    }

    /** The same with its text counted, or bounded more closely than by its bytes. */
    public InputBound withText(long tokensMax) {
        return new InputBound(Math.min(textBytes, tokensMax), mediaTokens, framingTokens, messages);
    }

    /** The hard bound in tokens. */
    public long tokensMax() {
        return textBytes + mediaTokens + framingTokens;
    }
}
