package dev.quotary.provider.gemini;

import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.quotary.price.Component;
import dev.quotary.price.Fees;
import dev.quotary.price.ServiceTier;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads one request for embeddings, single or batch, in a single pass. */
final class EmbedRequestReader {
    /** What an embedding reads; the answer of a batch tells no usage, so only the bounds of this format are sure. */
    private static final Set<Component> COMPONENTS =
            Set.of(Component.INPUT, Component.INPUT_IMAGE, Component.INPUT_AUDIO, Component.OUTPUT);

    private static final Names SINGLE = Names.of("model", "content");
    private static final Names BATCH = Names.of("requests");

    private final RequestCursor cursor;
    private final CallHead head;
    private final Prompt prompt;
    private boolean hasModel;

    private EmbedRequestReader(byte[] body, JsonParser parser, CallHead head) {
        this.cursor = new RequestCursor(parser, body);
        this.head = head;
        this.prompt = new Prompt(cursor, GeminiModel.of(head.path().model()));
    }

    static RequestReading read(CallHead head, byte[] body, GeminiContext context) {
        try (JsonParser parser = context.json().parser(body, 0, body.length)) {
            var reader = new EmbedRequestReader(body, parser, head);
            reader.document();
            Optional<Rejected> rejected = reader.cursor.rejected();
            if (rejected.isPresent()) {
                return rejected.get();
            }
            return new Parsed(
                    new EmbedRequest(new GenerateRequest.Source(head, body), reader.facts(), reader.hasModel, context));
        } catch (StreamConstraintsException e) {
            return Rejected.of("The request body is nested deeper than " + Json.DEPTH_MAX
                    + " levels, or has a name or number too long.");
        } catch (IOException e) {
            return Rejected.of("The request body is not valid JSON in UTF-8.");
        }
    }

    private void document() throws IOException {
        if (cursor.next() != START_OBJECT) {
            cursor.reject(Rejected.of("The request body must be a JSON object."));
            return;
        }
        if (head.path().method().equals("embedContent")) {
            request();
        } else {
            new Members(cursor, BATCH).read(_ -> requests(), prompt::raw);
        }
        if (cursor.ok() && cursor.next() != null) {
            cursor.reject(Rejected.of("The request body must be one JSON object, with nothing after it."));
        } else if (cursor.ok() && prompt.contents() == 0) {
            cursor.reject(Rejected.of("Missing required parameter: 'content'.", "content"));
        } else if (cursor.ok() && prompt.hasVideo()) {
            cursor.reject(Rejected.of("Unsupported content: what embeddings of video cost is not known.", "content"));
        }
    }

    private void requests() throws IOException {
        if (!cursor.at(START_ARRAY)) {
            cursor.rejectType("requests", "an array of objects");
            return;
        }
        while (cursor.more()) {
            if (cursor.at(START_OBJECT)) {
                request();
            } else {
                cursor.rejectType("requests", "an array of objects");
            }
        }
    }

    private void request() throws IOException {
        new Members(cursor, SINGLE)
                .read(
                        name -> {
                            if (name.equals("model")) {
                                model();
                            } else {
                                prompt.content(name);
                            }
                        },
                        prompt::raw);
    }

    private void model() throws IOException {
        hasModel = true;
        if (!cursor.at(VALUE_STRING) || !head.path().names(cursor.text())) {
            cursor.reject(Rejected.of(
                    "Invalid 'model': expected the model of the path, "
                            + head.path().model() + ".",
                    "model"));
        }
        cursor.skip();
    }

    private RequestFacts facts() {
        return new RequestFacts(
                head.path().model(),
                Streaming.OFF,
                prompt.bound(),
                // Nothing is written, and there is no cap that the gateway would have to look for.
                new OutputBound(OptionalLong.of(1), 1),
                COMPONENTS,
                Set.of(ServiceTier.STANDARD),
                Set.of(),
                Fees.NONE,
                Optional.empty(),
                false);
    }
}
