package dev.quotary.provider.gemini;

import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.quotary.price.Component;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads one request for content in a single pass, without building a tree.
 *
 * <p>What is read here decides what is held and which prices apply, so it must be what the provider reads: see {@link Members}.
 */
final class GenerateRequestReader {
    /** Images count what they count, whatever the cap on the output says. */
    static final long OUTPUT_TOKENS_WITH_IMAGES = 65_536;

    private static final Names NAMES = Names.of(
            "model",
            "contents",
            "systemInstruction",
            "tools",
            "generationConfig",
            "cachedContent",
            "continuationToken",
            "serviceTier",
            "labels",
            "safetySettings",
            "store",
            "modelArmorConfig");

    private final RequestCursor cursor;
    private final CallHead head;
    private final GeminiModel model;
    private final Prompt prompt;
    private final Tools tools;
    private final GenerationConfig config;
    private Optional<String> tier = Optional.empty();
    private boolean hasContents;

    private GenerateRequestReader(byte[] body, JsonParser parser, CallHead head) {
        this.cursor = new RequestCursor(parser, body);
        this.head = head;
        this.model = GeminiModel.of(head.path().model());
        this.prompt = new Prompt(cursor, model);
        this.tools = new Tools(cursor, prompt);
        this.config = new GenerationConfig(cursor, prompt);
    }

    static RequestReading read(CallHead head, byte[] body, GeminiContext context) {
        try (JsonParser parser = context.json().parser(body, 0, body.length)) {
            var reader = new GenerateRequestReader(body, parser, head);
            int membersEnd = reader.members();
            Optional<Rejected> rejected = reader.cursor.rejected();
            return rejected.isPresent() ? rejected.get() : new Parsed(reader.request(body, membersEnd, context));
        } catch (StreamConstraintsException e) {
            return Rejected.of("The request body is nested deeper than " + Json.DEPTH_MAX
                    + " levels, or has a name or number too long.");
        } catch (IOException e) {
            return Rejected.of("The request body is not valid JSON in UTF-8.");
        }
    }

    /** Gives the place behind the last member. */
    private int members() throws IOException {
        if (cursor.next() != START_OBJECT) {
            cursor.reject(Rejected.of("The request body must be a JSON object."));
            return 0;
        }
        new Members(cursor, NAMES).read(this::member, prompt::raw);
        if (!cursor.ok()) {
            return 0;
        }
        int end = cursor.beforeWhitespace();
        if (cursor.next() != null) {
            cursor.reject(Rejected.of("The request body must be one JSON object, with nothing after it."));
        } else if (!hasContents) {
            cursor.reject(Rejected.of("Missing required parameter: 'contents'.", "contents"));
        }
        return end;
    }

    private void member(String name) throws IOException {
        switch (name) {
            case "contents" -> {
                prompt.contents(name);
                hasContents = prompt.contents() > 0;
            }
            case "systemInstruction" -> {
                if (!cursor.atNull()) {
                    prompt.content(name);
                }
            }
            case "tools" -> tools.read();
            case "generationConfig" -> config.read();
            case "model" -> model();
            case "serviceTier" -> tier = text();
            case "cachedContent", "continuationToken" -> {
                if (!cursor.atNull()) {
                    prompt.addUnseenContext();
                }
                cursor.skip();
            }
            // Neither of the rest is shown to the model.
            default -> cursor.skip();
        }
    }

    private void model() throws IOException {
        Optional<String> named = text();
        if (named.isPresent() && !head.path().names(named.get())) {
            cursor.reject(
                    Rejected.of("Invalid 'model': expected the model of the path, " + model.name() + ".", "model"));
        }
    }

    /** The string at hand; anything else is passed over. */
    private Optional<String> text() throws IOException {
        Optional<String> text = cursor.at(VALUE_STRING) ? Optional.of(cursor.text()) : Optional.empty();
        if (text.isEmpty() && !cursor.atNull()) {
            text = Optional.of("");
        }
        cursor.skip();
        return text;
    }

    private GenerateRequest request(byte[] body, int membersEnd, GeminiContext context) {
        boolean draws = config.draws(model);
        var facts = new RequestFacts(
                model.name(),
                head.stream() ? Streaming.ON_WITH_USAGE : Streaming.OFF,
                prompt.bound(),
                new OutputBound(outputMax(draws), config.candidates()),
                components(draws),
                Tiers.possible(tier, head.tierByHeader()),
                Set.of(),
                tools.feesMax(model),
                Optional.empty(),
                tools.searches());
        return new GenerateRequest(new GenerateRequest.Source(head, body), facts, cap(membersEnd), context);
    }

    private OptionalLong outputMax(boolean draws) {
        OptionalLong own = config.outputMax();
        return draws ? OptionalLong.of(Math.max(own.orElse(0), OUTPUT_TOKENS_WITH_IMAGES)) : own;
    }

    private Set<Component> components(boolean draws) {
        Set<Component> components = EnumSet.of(Component.INPUT, Component.CACHED_INPUT, Component.OUTPUT);
        if (prompt.hasAudio()) {
            components.add(Component.INPUT_AUDIO);
        }
        if (config.speaks()) {
            components.add(Component.OUTPUT_AUDIO);
        }
        if (draws) {
            components.add(Component.OUTPUT_IMAGE);
        }
        return components;
    }

    private Optional<CapPlace> cap(int membersEnd) {
        if (config.outputMax().isPresent()) {
            return Optional.empty();
        }
        return config.place()
                .or(() -> Optional.of(
                        new CapPlace(membersEnd, membersEnd, ",\"generationConfig\":{" + CapPlace.NAME, "}")));
    }
}
