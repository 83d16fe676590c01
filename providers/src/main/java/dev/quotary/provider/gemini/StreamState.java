package dev.quotary.provider.gemini;

import dev.quotary.price.TokenUsage;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.StreamFacts;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Partial;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.json.Json;
import java.util.Optional;

/** What the chunks of one stream said, in whichever form they came. For one thread at a time. */
final class StreamState {
    private final AnswerReading answer;
    private long unread;

    StreamState(Json json) {
        this.answer = new AnswerReading(json);
    }

    /** Reads a chunk; one that is no whole document counts by its bytes. */
    boolean chunk(byte[] bytes, int from, int to) {
        long before = answer.tally().bytes();
        boolean whole = answer.read(bytes, from, to);
        if (!whole) {
            unread++;
            answer.tally()
                    .addUnread(Math.max(0, to - (long) from - (answer.tally().bytes() - before)));
        }
        return whole;
    }

    /** Counts the next part of a chunk that is too large to be read. */
    void unread(long bytes, boolean last) {
        answer.tally().addUnread(bytes);
        unread += last ? 1 : 0;
    }

    boolean complete() {
        return answer.complete();
    }

    /** @param done whether the end of the stream came, where its form has one, or where every candidate has ended */
    StreamFacts facts(boolean done) {
        return new StreamFacts(read(done), answer.error(), done, unread);
    }

    /**
     * The last totals are the provider's word once every candidate has ended; before, they are what was used at least. A call that fails
     * before it wrote anything is not billed.
     */
    private AnswerFacts read(boolean done) {
        var facts = answer.facts();
        UsageReading usage = facts.usage();
        if (answer.error().isPresent() && answer.empty()) {
            return answer.facts(new Reported(TokenUsage.NONE, Optional.empty()));
        }
        boolean last = done || answer.complete();
        if (usage instanceof Reported(var tokens, var cost, var parts) && !last) {
            return answer.facts(new Partial(tokens, cost, parts));
        }
        return facts;
    }

    long textBytes() {
        return answer.tally().bytes();
    }

    OutputText text() {
        return answer.tally().text();
    }
}
