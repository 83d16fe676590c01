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
import dev.quotary.provider.json.Json;
import dev.quotary.provider.sse.EventData;
import dev.quotary.provider.sse.EventFrame;
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
final class MessageStreamRelay implements StreamRelay, EventFrame.Events {
    static final int EVENT_BYTES_MAX = 16 * 1024 * 1024;

    static final int TAIL_BYTES_MAX = EventFrame.TAIL_BYTES_MAX;

    private final Json json;
    private final AnthropicErrors errors;
    private final EventFrame frame;
    private final TextTally tally = new TextTally();
    private final EventScan scan = new EventScan(tally);
    private final NameSet stopReasons = new NameSet();

    private @Nullable UsageFields usage;
    private @Nullable String broken;
    private Optional<String> model = Optional.empty();
    private boolean started;
    private boolean outputTold;
    private Optional<ProviderError> error = Optional.empty();

    MessageStreamRelay(MessagesContext context, int eventBytesMax) {
        this.json = context.json();
        this.errors = context.errors();
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
        Served served = usage == null ? ServedAs.unknown(model) : usage.served(model);
        return new StreamFacts(
                new AnswerFacts(reading(), served, stopReasons.names()), error, frame.done(), frame.unreadEvents());
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
        return outputTold && (frame.done() || !stopReasons.empty());
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
    public boolean terminal(EventData data) {
        scan.scan(data.bytes(), data.from(), data.to());
        return scan.messageStop();
    }

    @Override
    public void take(EventData data, EventFrame.Whole event, SliceBuilder out) {
        event.passTo(out);
        if (scan.failed()) {
            error = error.or(() -> readError(data));
        } else if (scan.messageStart()) {
            tell("message_start", data);
        } else if (scan.messageDelta()) {
            tell("message_delta", data);
        }
    }

    @Override
    public void unread(long bytes) {
        tally.addUnread(bytes);
    }

    private void tell(String type, EventData data) {
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

    private Optional<ProviderError> readError(EventData data) {
        return ErrorReader.read(json, data.bytes(), data.from(), data.to())
                .or(() -> Optional.of(ProviderError.UNCLASSIFIED));
    }
}
