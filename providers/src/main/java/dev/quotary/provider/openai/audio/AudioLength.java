package dev.quotary.provider.openai.audio;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How long a recording may be that has so many bytes. No codec that the API takes has to send anything for silence, so there is no true
 * bound: the bound here is speech at the lowest rate in use, 6 kbit/s of Opus. A longer recording is recorded as what it was.
 */
final class AudioLength {
    private static final long BYTES_PER_SECOND_MIN = 750;

    /** MP3 at 128 kbit/s, for estimates. */
    private static final long BYTES_PER_SECOND_COMMON = 16_000;

    private static final long TOKENS_PER_SECOND = 10;
    private static final long ANSWER_TOKENS_MIN = 100;

    private AudioLength() {}

    static long secondsMax(long bytes) {
        return Math.ceilDiv(bytes, BYTES_PER_SECOND_MIN);
    }

    static long secondsLikely(long secondsMax) {
        return Math.ceilDiv(secondsMax * BYTES_PER_SECOND_MIN, BYTES_PER_SECOND_COMMON);
    }

    /** Audio tokens that are read. */
    static long tokensMax(long seconds) {
        return seconds * TOKENS_PER_SECOND + 1;
    }

    /** Tokens that are written; nobody speaks more than ten a second. */
    static long wordsMax(long seconds) {
        return seconds * TOKENS_PER_SECOND + ANSWER_TOKENS_MIN;
    }

    /** The one place where parts of a second are rounded: up, to what is billed. */
    static long whole(BigDecimal seconds) {
        return seconds.setScale(0, RoundingMode.CEILING).longValueExact();
    }
}
