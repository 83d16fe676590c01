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
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Partial;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.json.ByteBuilder;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.openai.AnswerReader.Answer;
import dev.quotary.provider.sse.EventData;
import dev.quotary.provider.sse.EventSplitter;
import dev.quotary.provider.sse.SliceBuilder;
import dev.quotary.provider.text.TextTally;
import java.util.Optional;

/**
 * Relays the chunks of a chat completion.
 *
 * <p>If usage was asked for on behalf of a client that had not asked, the client gets the bytes it would have got without us: the chunk
 * with usage and empty choices is left out, and {@code "usage":null} is cut out of the others. Nothing else is touched, and chunks with
 * empty choices but no usage stay (Azure's content filter sends them).
 *
 * <p>Most chunks are only scanned; a parser runs over those that carry usage. An event that grows beyond {@link #EVENT_BYTES_MAX} before
 * it is complete is let through unread and unchanged, part by part, and reading goes on with the next one.
 */
final class ChatStreamRelay implements StreamRelay, EventSplitter.Sink {
    static final int EVENT_BYTES_MAX = 16 * 1024 * 1024;

    /** What may follow the terminal event; more is thrown away, as clients stop reading there. */
    static final int TAIL_BYTES_MAX = 64 * 1024;

    private final Json json;
    private final OpenAiErrors errors;
    private final boolean stripsUsage;
    private final EventSplitter splitter;
    private final EventData data = new EventData();
    private final TextTally tally = new TextTally();
    private final ChunkScan scan = new ChunkScan(tally);
    private final ByteBuilder tail = new ByteBuilder();

    private SliceBuilder out = new SliceBuilder(new byte[0]);
    private UsageReading usage = new Missing();
    private boolean usageFinal;
    private Optional<ProviderError> error = Optional.empty();
    private boolean done;
    private long unreadEvents;

    ChatStreamRelay(OpenAiShared context, boolean stripsUsage, int eventBytesMax) {
        this.json = context.json();
        this.errors = context.errors();
        this.stripsUsage = stripsUsage;
        this.splitter = new EventSplitter(this, eventBytesMax);
    }

    @Override
    public Slice feed(byte[] bytes, int offset, int length) {
        out = new SliceBuilder(bytes);
        splitter.feed(bytes, offset, length);
        return out.build();
    }

    @Override
    public Slice finish() {
        out = new SliceBuilder(new byte[0]);
        splitter.finish();
        return out.build();
    }

    @Override
    public byte[] ending(RefusalMessage message) {
        return errors.event(message);
    }

    @Override
    public Slice tail() {
        return tail.empty() ? Slice.EMPTY : new Slice(tail.array(), 0, tail.size());
    }

    @Override
    public StreamFacts facts() {
        Served served = Tiers.served(scan.model().name(), scan.serviceTier().name());
        return new StreamFacts(
                new AnswerFacts(reading(), served, scan.finishReasons().names()), error, done, unreadEvents);
    }

    /** Usage beside choices is a running total (vLLM sends them), which is final only if the choices have ended. */
    private UsageReading reading() {
        if (usage instanceof Reported(var tokens, var cost, var parts)
                && !usageFinal
                && !done
                && scan.finishReasons().empty()) {
            return new Partial(tokens, cost, parts);
        }
        return usage;
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
    public void event(byte[] bytes, int from, int to) {
        data.read(bytes, from, to);
        if (done || terminal()) {
            done = true;
            toTail(bytes, from, to);
        } else if (data.lines() == 0) {
            out.append(bytes, from, to);
        } else {
            chunk(bytes, from, to);
        }
    }

    @Override
    public void oversized(byte[] bytes, int from, int to, boolean last) {
        if (done) {
            toTail(bytes, from, to);
        } else {
            out.append(bytes, from, to);
            tally.addUnread(to - (long) from);
            unreadEvents += last ? 1 : 0;
        }
    }

    private void chunk(byte[] bytes, int from, int to) {
        scan.scan(data.bytes(), data.from(), data.to());
        if (scan.error()) {
            error = error.or(this::readError);
        }
        if (scan.usage() && usageAlone() && stripsUsage) {
            return;
        }
        if (stripsUsage && data.lines() == 1 && scan.nullUsage()) {
            out.append(bytes, from, scan.nullUsageFrom(data.from()));
            out.append(bytes, scan.nullUsageTo(data.from()), to);
        } else {
            out.append(bytes, from, to);
        }
    }

    /** Reads the usage of the chunk at hand; tells whether the chunk is there for the usage only. */
    private boolean usageAlone() {
        Answer answer = AnswerReader.read(json, data.bytes(), data.from(), data.to());
        UsageReading reading = answer.facts().usage();
        if (reading instanceof Missing) {
            return false;
        }
        usage = reading;
        usageFinal = answer.choicesEmpty();
        return answer.choicesEmpty();
    }

    private Optional<ProviderError> readError() {
        return ErrorReader.read(json, data.bytes(), data.from(), data.to())
                .or(() -> Optional.of(ProviderError.UNCLASSIFIED));
    }

    private void toTail(byte[] bytes, int from, int to) {
        tail.append(bytes, from, Math.min(to, from + TAIL_BYTES_MAX - Math.min(tail.size(), TAIL_BYTES_MAX)));
    }

    /** Whether the event at hand is {@code data: [DONE]}, judged by its beginning as OpenAI's SDKs do. */
    private boolean terminal() {
        byte[] bytes = data.bytes();
        int at = data.from();
        return data.lines() > 0
                && data.to() - at >= 6
                && bytes[at] == '['
                && bytes[at + 1] == 'D'
                && bytes[at + 2] == 'O'
                && bytes[at + 3] == 'N'
                && bytes[at + 4] == 'E'
                && bytes[at + 5] == ']';
    }
}
