package dev.quotary.provider.openai;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Served;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.text.TextTally;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The events of a stream about images or audio, whose last one has the usage. */
public final class UsageEvents implements EventRelay.Events {
    private final OpenAiShared shared;
    private final Set<String> lastTypes;
    private final Function<UsageDocument, UsageReading> reader;
    private final TextTally tally = new TextTally();
    private UsageReading usage = new Missing();
    private Served served = Served.UNNAMED;
    private Optional<ProviderError> error = Optional.empty();

    /**
     * @param lastTypes what the last event is called
     * @param reader of the usage in that event
     */
    public UsageEvents(OpenAiShared shared, Set<String> lastTypes, Function<UsageDocument, UsageReading> reader) {
        this.shared = shared;
        this.lastTypes = lastTypes;
        this.reader = reader;
    }

    @Override
    public boolean read(byte[] bytes, int from, int to) {
        var event = UsageDocument.read(shared.json(), bytes, from, to);
        if (event.error() || event.type().equals(Optional.of("error"))) {
            error = ErrorReader.readEvent(shared.json(), bytes, from, to);
            return true;
        }
        if (event.type().filter(lastTypes::contains).isPresent()) {
            usage = reader.apply(event);
            served = Tiers.served(event.model(), Optional.empty());
            return true;
        }
        event.text(tally);
        return false;
    }

    @Override
    public AnswerFacts facts() {
        return new AnswerFacts(usage, served, List.of());
    }

    @Override
    public Optional<ProviderError> error() {
        return error;
    }

    @Override
    public TextTally tally() {
        return tally;
    }

    @Override
    public byte[] ending(RefusalMessage message) {
        return shared.errors().event(message);
    }
}
