package dev.quotary.provider.gemini;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.END_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.Served;
import dev.quotary.provider.UsageReading;
import dev.quotary.provider.UsageReading.Broken;
import dev.quotary.provider.UsageReading.Missing;
import dev.quotary.provider.UsageReading.Reported;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.json.JsonText;
import dev.quotary.provider.text.NameSet;
import dev.quotary.provider.text.NameSlot;
import dev.quotary.provider.text.TextSink;
import dev.quotary.provider.text.TextTally;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * What an answer says, read from its one document or from the chunks of its stream, one after the other. For one thread at a time.
 *
 * <p>Every chunk has the running totals of the whole call, so the last usage stands and none are added up. What a document says counts only
 * if it is a whole one, but for its text, which was written in any case.
 */
final class AnswerReading {
    private static final int CANDIDATES_MAX = GenerationConfig.CANDIDATES_MAX;

    private final Json json;
    private final TextTally tally = new TextTally();
    private final NameSlot model = new NameSlot();
    private final NameSet finishReasons = new NameSet();
    private final Searches searches = new Searches();
    private final BitSet begun = new BitSet();
    private final BitSet finished = new BitSet();

    /** What the document at hand says, to be taken for true at its end. */
    private final List<Runnable> said = new ArrayList<>();

    private byte[] bytes = {};
    private int base;
    private int limit;
    private UsageReading usage = new Missing();
    private Optional<String> tier = Optional.empty();
    private Optional<ProviderError> error = Optional.empty();
    private boolean blocked;
    private boolean usageInDocument;

    AnswerReading(Json json) {
        this.json = json;
    }

    /** Reads one document; tells whether it is a whole one. */
    boolean read(byte[] document, int from, int to) {
        bytes = document;
        base = from;
        limit = to;
        usageInDocument = false;
        said.clear();
        boolean whole = parsed(document, from, to);
        if (whole) {
            searches.beginChunk();
            said.forEach(Runnable::run);
        }
        said.clear();
        return whole;
    }

    private boolean parsed(byte[] document, int from, int to) {
        try (JsonParser parser = json.parser(document, from, to)) {
            if (parser.nextToken() != START_OBJECT) {
                return false;
            }
            while (parser.nextToken() == FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                member(name, parser);
            }
            return parser.currentToken() == END_OBJECT && parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    private void member(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "candidates" -> each(parser, this::candidate);
            case "usageMetadata", "usage_metadata" -> usage(parser);
            case "modelVersion", "model_version" -> word(parser, model);
            case "promptFeedback", "prompt_feedback" -> object(parser, this::feedback);
            case "error" -> error(parser);
            default -> parser.skipChildren();
        }
    }

    private void usage(JsonParser parser) throws IOException {
        if (parser.currentToken() == VALUE_NULL) {
            return;
        }
        boolean repeated = usageInDocument;
        if (parser.currentToken() == START_OBJECT) {
            var read = UsageReader.read(parser, UsageCounts.Kind.CONTENT);
            said.add(() -> {
                usage = repeated ? new Broken("usageMetadata occurs more than once") : read.usage();
                tier = read.tier().or(() -> tier);
            });
        } else {
            parser.skipChildren();
            said.add(() -> usage = new Broken("usageMetadata is not an object"));
        }
        usageInDocument = true;
    }

    /** A prompt that was refused has no candidates. */
    private void feedback(String name, JsonParser parser) throws IOException {
        if (name.equals("blockReason") || name.equals("block_reason")) {
            boolean reason = parser.currentToken() == VALUE_STRING;
            said.add(() -> blocked |= reason);
            word(parser, finishReasons);
        } else {
            parser.skipChildren();
        }
    }

    private void error(JsonParser parser) throws IOException {
        if (parser.currentToken() != VALUE_NULL) {
            var read = ErrorReader.classified(parser);
            said.add(() -> error = error.or(() -> Optional.of(read)));
        }
    }

    private void candidate(JsonParser parser) throws IOException {
        if (parser.currentToken() != START_OBJECT) {
            parser.skipChildren();
            return;
        }
        int index = 0;
        boolean ended = false;
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "index" -> index = index(parser);
                case "finishReason", "finish_reason" -> {
                    ended |= parser.currentToken() == VALUE_STRING;
                    word(parser, finishReasons);
                }
                case "content" -> object(parser, this::content);
                case "groundingMetadata", "grounding_metadata" -> object(parser, this::grounding);
                default -> parser.skipChildren();
            }
        }
        candidate(index, ended);
    }

    private void candidate(int index, boolean ended) {
        said.add(() -> {
            begun.set(index);
            if (ended) {
                finished.set(index);
            }
        });
    }

    private static int index(JsonParser parser) throws IOException {
        if (parser.currentToken() != VALUE_NUMBER_INT) {
            parser.skipChildren();
            return 0;
        }
        boolean usual = parser.getNumberType() == JsonParser.NumberType.INT;
        return usual ? Math.clamp(parser.getIntValue(), 0, CANDIDATES_MAX) : CANDIDATES_MAX;
    }

    private void content(String name, JsonParser parser) throws IOException {
        if (name.equals("parts")) {
            each(parser, part -> object(part, this::part));
        } else {
            parser.skipChildren();
        }
    }

    private void part(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "text" -> {
                if (parser.currentToken() == VALUE_STRING) {
                    inside(parser, tally);
                } else {
                    parser.skipChildren();
                }
            }
            case "functionCall", "function_call", "executableCode", "executable_code" -> strings(parser);
            default -> parser.skipChildren();
        }
    }

    private void grounding(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "webSearchQueries", "web_search_queries", "imageSearchQueries", "image_search_queries" ->
                each(parser, query -> word(query, searches::add));
            default -> parser.skipChildren();
        }
    }

    /** Reads one value to its end. */
    @FunctionalInterface
    private interface Value {
        void read(JsonParser parser) throws IOException;
    }

    /** Reads the value of one member to its end. */
    @FunctionalInterface
    private interface Member {
        void read(String name, JsonParser parser) throws IOException;
    }

    private static void each(JsonParser parser, Value element) throws IOException {
        if (parser.currentToken() != START_ARRAY) {
            parser.skipChildren();
            return;
        }
        JsonToken next = parser.nextToken();
        while (next != END_ARRAY && next != null) {
            element.read(parser);
            next = parser.nextToken();
        }
    }

    private static void object(JsonParser parser, Member member) throws IOException {
        if (parser.currentToken() != START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            member.read(name, parser);
        }
    }

    /** Notes the string at hand where it lies; anything else is passed over. */
    private void word(JsonParser parser, TextSink sink) throws IOException {
        if (parser.currentToken() == VALUE_STRING) {
            int from = start(parser);
            said.add(() -> sink.add(bytes, from, JsonText.end(bytes, from, limit)));
        } else {
            parser.skipChildren();
        }
    }

    private void inside(JsonParser parser, TextSink sink) {
        int from = start(parser);
        sink.add(bytes, from, JsonText.end(bytes, from, limit));
    }

    private int start(JsonParser parser) {
        return base + (int) parser.currentTokenLocation().getByteOffset() + 1;
    }

    /** Hands over all strings and names within the value at hand: the model wrote them. */
    private void strings(JsonParser parser) throws IOException {
        int depth = 0;
        JsonToken token = parser.currentToken();
        while (token != null) {
            if (token == VALUE_STRING || token == FIELD_NAME) {
                inside(parser, tally);
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            if (depth == 0) {
                return;
            }
            token = parser.nextToken();
        }
    }

    /** Whether every candidate that began has ended, or none was to come. */
    boolean complete() {
        return blocked || (!begun.isEmpty() && begun.equals(finished));
    }

    boolean empty() {
        return usage instanceof Missing && tally.bytes() == 0;
    }

    Optional<ProviderError> error() {
        return error;
    }

    TextTally tally() {
        return tally;
    }

    /** What is known so far; the usage is the last one that came. */
    AnswerFacts facts() {
        return new AnswerFacts(withSearches(), served(), finishReasons.names());
    }

    /** As {@link #facts}, with another word on the usage. */
    AnswerFacts facts(UsageReading other) {
        return new AnswerFacts(other, served(), finishReasons.names());
    }

    private UsageReading withSearches() {
        if (!(usage instanceof Reported(var tokens, var cost, var parts))) {
            return usage;
        }
        try {
            var served = GeminiModel.of(served().model().orElse(""));
            return new Reported(searches.added(tokens, served), cost, parts);
        } catch (IllegalArgumentException e) {
            return new Broken("the counts together are too large");
        }
    }

    private Served served() {
        return Tiers.served(model.name().map(AnswerReading::bare), tier);
    }

    private static String bare(String name) {
        return name.startsWith("models/") ? name.substring("models/".length()) : name;
    }
}
