package dev.quotary.provider.openai;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Served;
import dev.quotary.provider.Slice;
import dev.quotary.provider.StreamFacts;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Begun;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Partial;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.openai.AnswerReader.Answer;
import dev.quotary.provider.sse.EventData;
import dev.quotary.provider.sse.EventFrame;
import dev.quotary.provider.sse.SliceBuilder;
import dev.quotary.provider.text.TextTally;
import java.util.Optional;

/**
 * Relays the chunks of a chat completion.
 *
 * <p>If usage was asked for on behalf of a client that had not asked, the client gets the bytes it would have got without us: the chunk
 * with usage and empty choices is left out, and {@code "usage":null} is cut out of the others, or the running totals that were asked for.
 * Nothing else is touched, and chunks with empty choices but no usage stay (Azure's content filter sends them).
 *
 * <p>Usage is never added up: each one that comes counts in place of the one before.
 *
 * <p>Most chunks are only scanned; a parser runs over those that carry usage. An event that grows beyond {@link #EVENT_BYTES_MAX} before
 * it is complete is let through unread and unchanged, part by part, and reading goes on with the next one.
 */
final class ChatStreamRelay implements StreamRelay, EventFrame.Events {
    static final int EVENT_BYTES_MAX = 16 * 1024 * 1024;

    static final int TAIL_BYTES_MAX = EventFrame.TAIL_BYTES_MAX;

    private final Json json;
    private final OpenAiErrors errors;
    private final Drops drops;
    private final int choices;
    private final EventFrame frame;
    private final TextTally tally = new TextTally();
    private final ChunkScan scan = new ChunkScan(tally);

    private UsageReading usage = new Missing();
    private int usages;
    private boolean usageFinal;
    private boolean usageBehindEnd;
    private Optional<ProviderError> error = Optional.empty();

    /**
     * What the client does not get, as it was asked for in its place.
     *
     * @param usage the chunk with usage at the end, and {@code "usage":null} elsewhere
     * @param totals usage beside choices
     */
    record Drops(boolean usage, boolean totals) {
        static final Drops NOTHING = new Drops(false, false);
        static final Drops USAGE = new Drops(true, false);
    }

    /** @param choices how many answers are asked for */
    ChatStreamRelay(OpenAiShared context, Drops drops, int choices, int eventBytesMax) {
        this.json = context.json();
        this.errors = context.errors();
        this.drops = drops;
        this.choices = choices;
        this.frame = new EventFrame(this, eventBytesMax);
    }

    @Override
    public Slice feed(byte[] bytes, int offset, int length) {
        return frame.feed(bytes, offset, length);
    }

    @Override
    public Slice finish() {
        return frame.finish();
    }

    @Override
    public byte[] ending(RefusalMessage message) {
        return errors.event(message);
    }

    @Override
    public Slice tail() {
        return frame.tail();
    }

    @Override
    public StreamFacts facts() {
        Served served = Tiers.served(scan.model().name(), scan.serviceTier().name());
        return new StreamFacts(
                new AnswerFacts(reading(), served, scan.finishReasons().names()),
                error,
                frame.done(),
                frame.unreadEvents());
    }

    /**
     * Usage beside choices is a running total, which is final only if the choices have ended. Of several choices vLLM tells the total of
     * the one at hand, others that of all: then it is a number that more was written than, unless it came once, at the end.
     */
    private UsageReading reading() {
        if (!(usage instanceof Reported(var tokens, var cost, var parts)) || usageFinal) {
            return usage;
        }
        if (choices > 1) {
            return frame.done() && usages == 1 ? usage : new Begun(tokens, parts, error.isPresent());
        }
        return frame.done() || usageBehindEnd ? usage : new Partial(tokens, cost, parts);
    }

    @Override
    public long textBytes() {
        return tally.bytes();
    }

    @Override
    public OutputText text() {
        return tally.text();
    }

    @Override
    public void unread(long bytes) {
        tally.addUnread(bytes);
    }

    @Override
    public void take(EventData data, EventFrame.Whole event, SliceBuilder out) {
        scan.scan(data.bytes(), data.from(), data.to());
        if (scan.error()) {
            error = error.or(() -> readError(data));
        }
        boolean told = scan.usage() && told(data);
        if (told && usageFinal && drops.usage()) {
            return;
        }
        boolean cut = scan.nullUsage() ? drops.usage() : told && !usageFinal && drops.totals();
        if (cut && data.lines() == 1 && scan.usageOnce()) {
            out.append(event.bytes(), event.from(), scan.usageFrom(data.from()));
            out.append(event.bytes(), scan.usageTo(data.from()), event.to());
        } else {
            event.passTo(out);
        }
    }

    /** Reads the usage of the chunk at hand, if it has any. */
    private boolean told(EventData data) {
        Answer answer = AnswerReader.read(json, data.bytes(), data.from(), data.to());
        UsageReading reading = answer.facts().usage();
        if (reading instanceof Missing) {
            return false;
        }
        usages++;
        usageFinal = answer.choicesEmpty();
        usageBehindEnd = !scan.finishReasons().empty();
        usage = reading;
        return true;
    }

    private Optional<ProviderError> readError(EventData data) {
        return ErrorReader.read(json, data.bytes(), data.from(), data.to())
                .or(() -> Optional.of(ProviderError.UNCLASSIFIED));
    }

    /** Whether the event is {@code data: [DONE]}, judged by its beginning as OpenAI's SDKs do. */
    @Override
    public boolean terminal(EventData data) {
        byte[] bytes = data.bytes();
        int at = data.from();
        return data.to() - at >= 6
                && bytes[at] == '['
                && bytes[at + 1] == 'D'
                && bytes[at + 2] == 'O'
                && bytes[at + 3] == 'N'
                && bytes[at + 4] == 'E'
                && bytes[at + 5] == ']';
    }
}
