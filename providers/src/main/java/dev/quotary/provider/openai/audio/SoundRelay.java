package dev.quotary.provider.openai.audio;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Served;
import dev.quotary.provider.Slice;
import dev.quotary.provider.StreamFacts;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageReading;
import java.util.List;
import java.util.Optional;

/**
 * Passes sound on as it comes, and holds nothing back. What it costs was known when the provider began it, or never is.
 *
 * @param usage the characters that it is made from; missing where these are not what it costs
 */
record SoundRelay(UsageReading usage) implements StreamRelay {
    @Override
    public Slice feed(byte[] bytes, int offset, int length) {
        return new Slice(bytes, offset, length);
    }

    @Override
    public Slice finish() {
        return Slice.EMPTY;
    }

    /** Nothing within a sound could say that it is not whole: the connection has to. */
    @Override
    public byte[] ending(RefusalMessage message) {
        return new byte[0];
    }

    @Override
    public Slice tail() {
        return Slice.EMPTY;
    }

    @Override
    public StreamFacts facts() {
        var answer = new AnswerFacts(usage, Served.UNNAMED, List.of());
        return new StreamFacts(answer, Optional.empty(), false, 0);
    }

    @Override
    public long textBytes() {
        return 0;
    }

    @Override
    public OutputText text() {
        return OutputText.NONE;
    }
}
