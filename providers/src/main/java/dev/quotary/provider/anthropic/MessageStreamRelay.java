package dev.quotary.provider.anthropic;

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
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.anthropic.Counts.Count;
import dev.quotary.provider.anthropic.MessageReader.Told;
import dev.quotary.provider.json.ByteBuilder;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.sse.EventData;
import dev.quotary.provider.sse.EventSplitter;
import dev.quotary.provider.sse.SliceBuilder;
import dev.quotary.provider.text.NameSet;
import dev.quotary.provider.text.TextTally;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Relays the events of a message; none is changed.
 *
 * <p>{@code message_start} tells what was read; its output is a placeholder. Each {@code message_delta} tells all totals once more, and
 * those it tells count in place of the earlier ones. Only these two and errors are parsed; others are scanned for text. An event that
 * grows beyond {@link #EVENT_BYTES_MAX} before it is complete is let through unread, part by part, and reading goes on with the next one.
 */
final class MessageStreamRelay implements StreamRelay, EventSplitter.Sink {
    static final int EVENT_BYTES_MAX = 16 * 1024 * 1024;

    /** What may follow the terminal event; more is thrown away, as clients stop reading there. */
    static final int TAIL_BYTES_MAX = 64 * 1024;

    private final Json json;
    private final AnthropicErrors errors;
    private final EventSplitter splitter;
    private final EventData data = new EventData();
    private final TextTally tally = new TextTally();
    private final EventScan scan = new EventScan(tally);
    private final NameSet stopReasons = new NameSet();
    private final ByteBuilder tail = new ByteBuilder();

    private SliceBuilder out = new SliceBuilder(new byte[0]);
    private @Nullable UsageFields usage;
    private @Nullable String broken;
    private Optional<String> model = Optional.empty();
    private boolean started;
    private boolean outputTold;
    private Optional<ProviderError> error = Optional.empty();
    private boolean done;
    private long unreadEvents;

    MessageStreamRelay(MessagesContext context, int eventBytesMax) {
        this.json = context.json();
        this.errors = context.errors();
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
        Served served = usage == null ? ServedAs.unknown(model) : usage.served(model);
        return new StreamFacts(new AnswerFacts(reading(), served, stopReasons.names()), error, done, unreadEvents);
    }

    private UsageReading reading() {
        if (broken != null) {
            return new Broken(broken);
        }
        if (usage == null) {
            return new Missing();
        }
        return switch (usage.reading(model)) {
            case UsageFields.Reading.Sound(var division) ->
                ended()
                        ? new Reported(division.tokens(), Optional.empty(), division.parts())
                        : new Begun(division.tokens(), division.parts(), error.isPresent());
            case UsageFields.Reading.Broken(var reason) -> new Broken(reason);
        };
    }

    /** Whether what was written is told, and nothing more was to come. */
    private boolean ended() {
        return outputTold && (done || !stopReasons.empty());
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
        if (data.lines() > 0 && !done) {
            scan.scan(data.bytes(), data.from(), data.to());
            done = scan.messageStop();
        }
        if (done) {
            toTail(bytes, from, to);
            return;
        }
        out.append(bytes, from, to);
        if (data.lines() > 0) {
            read();
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

    private void read() {
        if (scan.failed()) {
            error = error.or(this::readError);
        } else if (scan.messageStart()) {
            tell("message_start");
        } else if (scan.messageDelta()) {
            tell("message_delta");
        }
    }

    private void tell(String type) {
        try {
            told(MessageReader.event(json, data.bytes(), data.from(), data.to()), type.equals("message_start"));
        } catch (IOException e) {
            broken(type + " is not complete, valid JSON");
        }
    }

    private void told(Told told, boolean start) {
        if (start && started) {
            broken("message_start occurs more than once");
        } else if (told.usageRepeated()) {
            broken("usage occurs more than once");
        }
        started |= start;
        model = model.or(told::model);
        told.stopReason()
                .map(reason -> reason.getBytes(StandardCharsets.UTF_8))
                .ifPresent(name -> stopReasons.add(name, 0, name.length));
        if (told.usage() != null) {
            outputTold |= !start && told.usage().has(Count.OUTPUT);
            if (usage == null) {
                usage = told.usage();
            } else {
                usage.override(told.usage());
            }
        }
    }

    private void broken(String reason) {
        broken = broken == null ? reason : broken;
    }

    private Optional<ProviderError> readError() {
        return ErrorReader.read(json, data.bytes(), data.from(), data.to())
                .or(() -> Optional.of(ProviderError.UNCLASSIFIED));
    }

    private void toTail(byte[] bytes, int from, int to) {
        tail.append(bytes, from, Math.min(to, from + TAIL_BYTES_MAX - Math.min(tail.size(), TAIL_BYTES_MAX)));
    }
}
