package dev.quotary.provider.openai.responses;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.Served;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.json.JsonText;
import dev.quotary.provider.openai.ErrorReader;
import dev.quotary.provider.openai.EventRelay;
import dev.quotary.provider.openai.responses.ResponseReader.Response;
import dev.quotary.provider.text.TextTally;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of one streamed response. What an event is, its member {@code type} says; the line {@code event:} repeats it.
 *
 * <p>An event whose JSON cannot be read passes unread; were it the last one, usage is missing and the call is estimated.
 */
final class ResponseEvents implements EventRelay.Events {
    private final OpenAiResponses format;
    private final TextTally tally = new TextTally();
    private @Nullable Response response;
    private @Nullable Response last;
    private Optional<ProviderError> error = Optional.empty();
    private long nextSequence;

    ResponseEvents(OpenAiResponses format) {
        this.format = format;
    }

    /** What matters of one event. */
    private static final class Event {
        private String type = "";
        private @Nullable Response response;
        private @Nullable String damaged;
        private int deltaFrom = -1;
    }

    @Override
    public boolean read(byte[] bytes, int from, int to) {
        var event = parse(bytes, from, to);
        if (event.deltaFrom >= 0 && event.type.endsWith(".delta") && !event.type.equals("response.audio.delta")) {
            tally.add(bytes, event.deltaFrom, end(bytes, event.deltaFrom, to));
        }
        return switch (event.type) {
            case "response.completed", "response.incomplete", "response.failed", "response.cancelled" -> ended(event);
            case "error" -> failed(bytes, from, to);
            default -> {
                response = event.response != null ? event.response : response;
                yield false;
            }
        };
    }

    private static int end(byte[] bytes, int from, int to) {
        return JsonText.end(bytes, from, to);
    }

    private Event parse(byte[] bytes, int from, int to) {
        var event = new Event();
        try (JsonParser parser = format.shared().json().parser(bytes, from, to)) {
            if (parser.nextToken() != START_OBJECT) {
                return event;
            }
            while (parser.nextToken() == FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                member(name, parser, from, event);
            }
        } catch (IOException e) {
            event.damaged = "an event is not complete, valid JSON";
        }
        return event;
    }

    private void member(String name, JsonParser parser, int from, Event event) throws IOException {
        switch (name) {
            case "type" -> event.type = ResponseReader.name(parser).orElse("");
            case "response" -> {
                if (parser.currentToken() == START_OBJECT) {
                    event.response = ResponseReader.read(parser);
                } else {
                    parser.skipChildren();
                }
            }
            case "sequence_number" -> sequence(parser);
            case "delta" -> {
                if (parser.currentToken() == VALUE_STRING) {
                    event.deltaFrom = from + (int) parser.currentTokenLocation().getByteOffset() + 1;
                } else {
                    parser.skipChildren();
                }
            }
            default -> parser.skipChildren();
        }
    }

    private void sequence(JsonParser parser) throws IOException {
        if (parser.currentToken() == VALUE_NUMBER_INT && parser.getNumberType() == NumberType.INT) {
            nextSequence = parser.getLongValue() + 1L;
        } else {
            parser.skipChildren();
        }
    }

    private boolean ended(Event event) {
        last = event.response != null && event.damaged == null ? event.response : broken(event);
        format.remember(last);
        error = last.error();
        return true;
    }

    private static Response broken(Event event) {
        var reason = event.damaged == null ? "the last event has no response" : event.damaged;
        var facts = new AnswerFacts(new Broken(reason), Served.UNNAMED, List.of());
        return new Response(Optional.empty(), Optional.empty(), facts, Optional.empty());
    }

    private boolean failed(byte[] bytes, int from, int to) {
        error = ErrorReader.readEvent(format.shared().json(), bytes, from, to);
        return true;
    }

    @Override
    public AnswerFacts facts() {
        if (last != null) {
            return last.facts();
        }
        var served = response == null ? Served.UNNAMED : response.facts().served();
        return new AnswerFacts(new Missing(), served, List.of());
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
        return format.shared().errors().responseEvent(message, nextSequence);
    }
}
