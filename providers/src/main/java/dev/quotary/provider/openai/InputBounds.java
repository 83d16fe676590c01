package dev.quotary.provider.openai;

/**
 * Upper bounds, in tokens, for the parts of a prompt that are not text of the request.
 *
 * @param perCall hidden prompts, and what primes the answer
 * @param perMessage what separates messages, beyond the bytes of their roles
 * @param perImage one image, whether sent or linked
 * @param perFile one file or video, whether sent or linked; a sent file that is no PDF counts at least three quarters of its base64
 * @param perAudioReply one earlier spoken answer, which a message names by its id
 */
public record InputBounds(long perCall, long perMessage, long perImage, long perFile, long perAudioReply) {
    /**
     * For OpenAI's own service. A photo of 12 megapixels measured 14,364 tokens on gpt-6, the dearest model for images. A request takes
     * at most 100 pages of PDF, at 3,000 tokens a page at most. An earlier spoken answer of 12 minutes counts 15,000.
     */
    public static final InputBounds OPENAI = new InputBounds(20, 4, 15_000, 300_000, 15_000);

    /** Base64 characters that hold a tenth of a second, which is one token, of any codec that the API takes but WAV. */
    static final int AUDIO_CHARS_PER_TOKEN = 64;

    /** The same for WAV, whose leanest form (8 kHz, 4 bits) has 4,000 bytes a second. */
    static final int WAV_CHARS_PER_TOKEN = 256;

    public InputBounds {
        if (perCall < 0 || perMessage < 0 || perImage < 0 || perFile < 0 || perAudioReply < 0) {
            throw new IllegalArgumentException("expected bounds of 0 or more");
        }
    }

    /** These bounds with another fixed part. */
    InputBounds perCall(long tokens) {
        return new InputBounds(tokens, perMessage, perImage, perFile, perAudioReply);
    }
}
