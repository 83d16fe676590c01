package dev.quotary.provider.openai;

import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_FALSE;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;
import static com.fasterxml.jackson.core.JsonToken.VALUE_TRUE;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.quotary.price.Component;
import dev.quotary.price.Fees;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.json.Edit;
import dev.quotary.provider.json.Json;
import dev.quotary.provider.json.RequestCursor;
import dev.quotary.provider.openai.ChatEdits.CapPlace;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads one chat completion request in a single pass, without building a tree.
 *
 * <p>What is read here decides what is held and which prices apply, so it must be what the provider reads. A member that occurs twice,
 * or once more in other letters (servers written in Go ignore case), is refused: the provider might take the other one.
 */
final class ChatRequestReader {
    static final int MODEL_LENGTH_MAX = 256;
    static final int USER_LENGTH_MAX = 512;
    static final int CHOICES_MAX = 128;
    static final long OUTPUT_TOKENS_MAX = 1_000_000_000;

    private static final NavigableSet<String> READ = ignoringCase(
            "model",
            "models",
            "messages",
            "tools",
            "stream",
            "stream_options",
            "max_completion_tokens",
            "max_tokens",
            "n",
            "service_tier",
            "user",
            "modalities",
            "audio",
            "web_search_options",
            "search_parameters",
            "plugins");

    /** Members that no server shows to the model; every other one counts as text. */
    private static final Set<String> PROMPTLESS = Set.of(
            "frequency_penalty",
            "logit_bias",
            "logprobs",
            "metadata",
            "parallel_tool_calls",
            "presence_penalty",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "reasoning_effort",
            "safety_identifier",
            "seed",
            "stop",
            "store",
            "temperature",
            "top_logprobs",
            "top_p",
            "verbosity");

    private final byte[] body;
    private final RequestCursor cursor;
    private final ChatDialect dialect;
    private final PromptCounter prompt;
    private final StreamOptions streamOptions;
    private final Set<String> seen = new HashSet<>();

    private String model = "";
    private Edit modelPlace = new Edit(0, 0, "");
    private boolean stream;
    private int choices = 1;
    private long outputMax;
    private Optional<String> tier = Optional.empty();
    private Optional<String> user = Optional.empty();
    private boolean toolFees;
    private boolean speaks;
    private @Nullable CapPlace nullCap;
    private int lastMemberEnd;

    private ChatRequestReader(byte[] body, JsonParser parser, ChatDialect dialect) {
        this.body = body;
        this.cursor = new RequestCursor(parser, body);
        this.dialect = dialect;
        this.prompt = new PromptCounter(cursor, dialect.bounds());
        this.streamOptions = new StreamOptions(cursor);
    }

    static RequestReading read(RequestHead head, byte[] body, ChatContext context) {
        try (JsonParser parser = context.json().parser(body, 0, body.length)) {
            var reader = new ChatRequestReader(body, parser, context.dialect());
            reader.members();
            Optional<Rejected> rejected = reader.cursor.rejected();
            return rejected.isPresent() ? rejected.get() : new Parsed(reader.request(head, context));
        } catch (StreamConstraintsException e) {
            return Rejected.of("The request body is nested deeper than " + Json.DEPTH_MAX
                    + " levels, or has a name or number too long.");
        } catch (IOException e) {
            return Rejected.of("The request body is not valid JSON in UTF-8.");
        }
    }

    private void members() throws IOException {
        if (cursor.next() != START_OBJECT) {
            cursor.reject(Rejected.of("The request body must be a JSON object."));
            return;
        }
        while (cursor.ok() && cursor.next() == FIELD_NAME) {
            String name = cursor.member();
            if (!READ.contains(name)) {
                unread(name);
            } else if (!seen.add(name)) {
                cursor.reject(Rejected.of("Duplicate parameter: '" + name + "'.", name));
            } else if (READ.floor(name).equals(name)) {
                member(name);
            } else {
                cursor.reject(Rejected.of(
                        "Unknown parameter: '" + name + "'. Did you mean '" + READ.floor(name) + "'?", name));
            }
        }
        if (cursor.ok()) {
            end();
        }
    }

    private void end() throws IOException {
        lastMemberEnd = beforeWhitespace(cursor.offset());
        if (cursor.next() != null) {
            cursor.reject(Rejected.of("The request body must be one JSON object, with nothing after it."));
        } else if (!seen.contains("model")) {
            cursor.reject(Rejected.of("Missing required parameter: 'model'.", "model"));
        } else if (!seen.contains("messages")) {
            cursor.reject(Rejected.of("Missing required parameter: 'messages'.", "messages"));
        }
    }

    private void unread(String name) throws IOException {
        if (PROMPTLESS.contains(name)) {
            cursor.skip();
        } else {
            prompt.raw(name);
        }
    }

    private void member(String name) throws IOException {
        switch (name) {
            case "model" -> model();
            case "messages" -> prompt.messages();
            case "tools" -> prompt.tools();
            case "stream" -> stream = flag(name);
            case "stream_options" -> streamOptions.read();
            case "max_completion_tokens", "max_tokens" -> cap(name);
            case "n" -> choices = (int) number(name, CHOICES_MAX);
            case "service_tier" -> tier = text(name, MODEL_LENGTH_MAX);
            case "user" -> user = text(name, USER_LENGTH_MAX);
            case "models" -> alternatives();
            case "modalities" -> modalities();
            case "audio" -> {
                speaks |= !cursor.atNull();
                cursor.skip();
            }
            default -> {
                toolFees |= !cursor.atNull();
                prompt.raw(name);
            }
        }
    }

    private void model() throws IOException {
        modelPlace = cursor.at(VALUE_STRING) ? new Edit(cursor.offset(), cursor.stringEnd(), "") : modelPlace;
        model = text("model", MODEL_LENGTH_MAX).orElse("");
        if (cursor.ok() && (model.isBlank() || model.chars().anyMatch(Character::isISOControl))) {
            cursor.reject(Rejected.of("Invalid 'model': expected the name of a model.", "model"));
        }
    }

    /** OpenRouter's list of fall-backs: any of them may serve the call, at its own price, whatever the caller may use. */
    private void alternatives() {
        if (!cursor.atNull()) {
            cursor.reject(Rejected.of("Unsupported parameter: 'models'. A call is metered for one model.", "models"));
        }
    }

    /** Anything but text is taken for audio, the dearest of them. */
    private void modalities() throws IOException {
        if (!cursor.at(START_ARRAY)) {
            speaks |= !cursor.atNull();
            cursor.skip();
            return;
        }
        while (cursor.more()) {
            speaks |= !cursor.at(VALUE_STRING) || !cursor.text().equals("text");
            cursor.skip();
        }
    }

    /** The chat format has one class of cache writes only. */
    private Set<Component> components() {
        Set<Component> components = EnumSet.allOf(Component.class);
        components.remove(Component.CACHE_WRITE_1H);
        if (!prompt.hasAudio()) {
            components.remove(Component.INPUT_AUDIO);
        }
        if (!speaks) {
            components.remove(Component.OUTPUT_AUDIO);
        }
        return components;
    }

    private boolean flag(String name) {
        if (!cursor.at(VALUE_TRUE) && !cursor.at(VALUE_FALSE) && !cursor.atNull()) {
            cursor.rejectType(name, "a boolean");
        }
        return cursor.at(VALUE_TRUE);
    }

    private Optional<String> text(String name, int lengthMax) throws IOException {
        if (cursor.atNull()) {
            return Optional.empty();
        }
        if (!cursor.at(VALUE_STRING)) {
            cursor.rejectType(name, "a string");
            return Optional.empty();
        }
        String text = cursor.text();
        if (text.length() > lengthMax) {
            cursor.reject(Rejected.of("Invalid '" + name + "': expected at most " + lengthMax + " characters.", name));
        }
        return Optional.of(text);
    }

    private long number(String name, long max) throws IOException {
        if (cursor.atNull()) {
            return 1;
        }
        Optional<Long> number = cursor.wholeNumber(1, max);
        if (number.isEmpty()) {
            cursor.reject(Rejected.of("Invalid '" + name + "': expected a whole number from 1 to " + max + ".", name));
        }
        return number.orElse(1L);
    }

    /** Of both names together the larger one counts: which of them a server obeys is not known. */
    private void cap(String name) throws IOException {
        if (!cursor.atNull()) {
            outputMax = Math.max(outputMax, number(name, OUTPUT_TOKENS_MAX));
        } else if (name.equals(dialect.cap().member())) {
            nullCap = new CapPlace(cursor.offset(), cursor.offset() + 4, "");
        }
    }

    private ChatRequest request(RequestHead head, ChatContext context) {
        var facts = new RequestFacts(
                model,
                streaming(),
                prompt.bound(),
                new OutputBound(outputMax == 0 ? OptionalLong.empty() : OptionalLong.of(outputMax), choices),
                components(),
                Tiers.possible(tier),
                Set.of(),
                Fees.NONE,
                user,
                toolFees || prompt.serverTools());
        boolean asks = facts.streaming() == Streaming.ON && dialect.asksForUsage();
        var edits = new ChatEdits(
                asks ? Optional.of(askingForUsage()) : Optional.empty(),
                outputMax == 0 ? Optional.of(capPlace()) : Optional.empty());
        return new ChatRequest(new ChatRequest.Source(head, body, modelPlace), facts, edits, context);
    }

    private Streaming streaming() {
        if (!stream) {
            return Streaming.OFF;
        }
        return streamOptions.usageAsked() ? Streaming.ON_WITH_USAGE : Streaming.ON;
    }

    private Edit askingForUsage() {
        String member = ",\"stream_options\":{\"include_usage\":true}";
        return streamOptions.asking().orElseGet(() -> new Edit(lastMemberEnd, lastMemberEnd, member));
    }

    private CapPlace capPlace() {
        String name = ",\"" + dialect.cap().member() + "\":";
        return nullCap != null ? nullCap : new CapPlace(lastMemberEnd, lastMemberEnd, name);
    }

    /** Where the whitespace begins that ends before this place. */
    private int beforeWhitespace(int offset) {
        int at = offset;
        while (body[at - 1] == ' ' || body[at - 1] == '\n' || body[at - 1] == '\r' || body[at - 1] == '\t') {
            at--;
        }
        return at;
    }

    private static NavigableSet<String> ignoringCase(String... names) {
        var set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(List.of(names));
        return Collections.unmodifiableNavigableSet(set);
    }
}
