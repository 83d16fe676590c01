package dev.quotary.provider.anthropic;

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
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.InputBound;
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

/**
 * Reads one request for a message in a single pass, without building a tree.
 *
 * <p>What is read here decides what is held and which prices apply, so it must be what the provider reads. A member that occurs twice,
 * or once more in other letters, is refused: the provider might take the other one.
 */
final class MessagesRequestReader {
    static final int MODEL_LENGTH_MAX = 256;
    static final int USER_LENGTH_MAX = 512;
    static final long OUTPUT_TOKENS_MAX = 1_000_000_000;

    /** What the provider says about tools in general, and what stands around a conversation. */
    private static final long FRAMING_TOKENS = 1_000;

    private static final long FRAMING_TOKENS_PER_MESSAGE = 10;

    private static final NavigableSet<String> READ = ignoringCase(
            "model",
            "max_tokens",
            "messages",
            "system",
            "tools",
            "stream",
            "cache_control",
            "service_tier",
            "speed",
            "inference_geo",
            "metadata",
            "mcp_servers",
            "container",
            "context_management",
            "fallbacks",
            "thread");

    /** Members that are not shown to the model; every other one counts as text. */
    private static final Set<String> PROMPTLESS = Set.of(
            "billing_policy",
            "diagnostics",
            "fallback_credit_token",
            "stop_sequences",
            "temperature",
            "thinking",
            "top_k",
            "top_p",
            "user_profile_id");

    private final byte[] body;
    private final RequestCursor cursor;
    private final CacheWrites caches;
    private final PromptReader prompt;
    private final ServerWork work = new ServerWork();
    private final ToolsReader tools;
    private final Set<String> seen = new HashSet<>();

    private String model = "";
    private Edit modelPlace = new Edit(0, 0, "");
    private boolean stream;
    private long outputMax;
    private long toolBytes;
    private Optional<String> tier = Optional.empty();
    private Optional<String> speed = Optional.empty();
    private Optional<String> geo = Optional.empty();
    private Optional<String> user = Optional.empty();

    private MessagesRequestReader(byte[] body, JsonParser parser) {
        this.body = body;
        this.cursor = new RequestCursor(parser, body);
        this.caches = new CacheWrites(cursor);
        this.prompt = new PromptReader(cursor, caches);
        this.tools = new ToolsReader(cursor, prompt, caches, work);
    }

    static RequestReading read(RequestHead head, byte[] body, MessagesContext context) {
        try (JsonParser parser = context.json().parser(body, 0, body.length)) {
            var reader = new MessagesRequestReader(body, parser);
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
                cursor.reject(Rejected.of(name + ": given more than once", name));
            } else if (READ.floor(name).equals(name)) {
                member(name);
            } else {
                cursor.reject(Rejected.of(
                        name + ": Extra inputs are not permitted; did you mean '" + READ.floor(name) + "'?", name));
            }
        }
        if (cursor.ok()) {
            end();
        }
    }

    private void end() throws IOException {
        if (cursor.next() != null) {
            cursor.reject(Rejected.of("The request body must be one JSON object, with nothing after it."));
            return;
        }
        for (String required : List.of("model", "messages", "max_tokens")) {
            if (!seen.contains(required)) {
                cursor.reject(Rejected.of(required + ": Field required", required));
            }
        }
    }

    private void unread(String name) throws IOException {
        if (PROMPTLESS.contains(name)) {
            prompt.pass();
        } else {
            prompt.member(name);
        }
    }

    private void member(String name) throws IOException {
        switch (name) {
            case "model" -> model();
            case "max_tokens" -> outputMax = cap(name);
            case "messages" -> prompt.messages();
            case "system" -> prompt.content();
            case "tools" -> toolBytes = tools.read();
            case "stream" -> stream = flag(name);
            case "cache_control" -> caches.read();
            case "service_tier" -> tier = text(name, MODEL_LENGTH_MAX);
            case "speed" -> speed = text(name, MODEL_LENGTH_MAX);
            case "inference_geo" -> geo = text(name, MODEL_LENGTH_MAX);
            case "metadata" -> metadata();
            case "fallbacks" -> fallbacks();
            case "context_management" -> contextManagement();
            default -> serverSide(name);
        }
    }

    private void model() throws IOException {
        modelPlace = cursor.at(VALUE_STRING) ? new Edit(cursor.offset(), cursor.stringEnd(), "") : modelPlace;
        model = text("model", MODEL_LENGTH_MAX).orElse("");
        if (cursor.ok() && (model.isBlank() || model.chars().anyMatch(Character::isISOControl))) {
            cursor.reject(Rejected.of("model: expected the name of a model", "model"));
        }
    }

    private long cap(String name) throws IOException {
        Optional<Long> number = cursor.wholeNumber(0, OUTPUT_TOKENS_MAX);
        if (number.isEmpty()) {
            cursor.reject(outOfRange(name, 0, OUTPUT_TOKENS_MAX));
        }
        return number.orElse(0L);
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
            cursor.reject(Rejected.of(name + ": expected at most " + lengthMax + " characters", name));
        }
        return Optional.of(text);
    }

    private void metadata() throws IOException {
        if (!cursor.at(START_OBJECT)) {
            prompt.pass();
            return;
        }
        while (cursor.more()) {
            if (cursor.member().equals("user_id")) {
                user = text("metadata.user_id", USER_LENGTH_MAX);
            } else {
                prompt.pass();
            }
        }
    }

    /** Models that may serve the call in place of the one asked for. Their prices apply then, so they must be known. */
    private void fallbacks() throws IOException {
        if (cursor.atNull()) {
            return;
        }
        if (!cursor.at(START_ARRAY)) {
            cursor.reject(Rejected.of(
                    "fallbacks: name the models, as a call is held at the prices of all of them", "fallbacks"));
            return;
        }
        while (cursor.more()) {
            if (cursor.at(START_OBJECT)) {
                fallback();
            } else {
                cursor.rejectType("fallbacks", "an array of objects");
            }
        }
    }

    private void fallback() throws IOException {
        Optional<String> named = Optional.empty();
        Optional<Long> own = Optional.empty();
        while (cursor.more()) {
            String name = cursor.member();
            if (name.equals("model") && named.isEmpty()) {
                named = text("fallbacks.model", MODEL_LENGTH_MAX).filter(text -> !text.isBlank());
            } else if (name.equals("max_tokens") && own.isEmpty()) {
                own = cursor.atNull() ? own : Optional.of(cap("fallbacks.max_tokens"));
            } else if (name.equals("model") || name.equals("max_tokens")) {
                cursor.reject(Rejected.of("fallbacks." + name + ": given more than once", "fallbacks"));
            } else {
                prompt.member(name);
            }
        }
        if (cursor.ok() && named.isEmpty()) {
            cursor.reject(Rejected.of("fallbacks.model: Field required", "fallbacks"));
        }
        if (named.isPresent()) {
            work.attempt(named.get(), own);
        }
    }

    /** Edits that only clear something make a prompt shorter; all others may have it summarized first. */
    private void contextManagement() throws IOException {
        if (!cursor.at(START_OBJECT)) {
            prompt.pass();
            return;
        }
        while (cursor.more()) {
            if (cursor.member().equals("edits") && cursor.at(START_ARRAY)) {
                while (cursor.more()) {
                    edit();
                }
            } else {
                prompt.raw();
            }
        }
    }

    private void edit() throws IOException {
        boolean clears = false;
        boolean other = !cursor.at(START_OBJECT);
        if (other) {
            prompt.raw();
        } else {
            while (cursor.more()) {
                boolean type = cursor.member().equals("type") && cursor.at(VALUE_STRING);
                clears |= type && cursor.text().startsWith("clear_");
                other |= type && !cursor.text().startsWith("clear_");
                prompt.raw();
            }
        }
        if (other || !clears) {
            work.compaction();
        }
    }

    /** Tools of other servers, files and skills of a container, a conversation kept at the provider: their size is not told. */
    private void serverSide(String name) throws IOException {
        boolean used = !cursor.atNull();
        if (cursor.at(START_ARRAY)) {
            used = false;
            while (cursor.more()) {
                used = true;
                prompt.pass();
            }
        } else {
            prompt.pass();
        }
        if (!used) {
            return;
        }
        work.contextUnknown();
        if (name.equals("mcp_servers")) {
            work.rounds(ToolsReader.USES_UNTOLD, ServerWork.CONTEXT_TOKENS_MAX);
        } else {
            caches.any();
        }
    }

    private MessagesRequest request(RequestHead head, MessagesContext context) {
        long searches = Math.min(work.searchesMax(), TokenUsage.TOKENS_MAX);
        var facts = new RequestFacts(
                        model,
                        stream ? Streaming.ON_WITH_USAGE : Streaming.OFF,
                        input(),
                        new OutputBound(OptionalLong.of(Math.max(1, outputMax + work.extraOutput(outputMax))), 1),
                        components(),
                        ServedAs.tiersPossible(tier),
                        ServedAs.modifiersPossible(speed, geo),
                        Fees.of(Component.WEB_SEARCHES, searches),
                        user,
                        work.hasOtherFees())
                .withOtherModels(work.otherModels());
        return new MessagesRequest(new MessagesRequest.Source(head, body, modelPlace), facts, context);
    }

    private InputBound input() {
        long text = prompt.textBytes() + toolBytes;
        long media = Math.min(prompt.mediaTokens(ClaudeModel.of(model)), TokenUsage.TOKENS_MAX);
        long framing = FRAMING_TOKENS + FRAMING_TOKENS_PER_MESSAGE * prompt.messageCount() + tools.definitionTokens();
        long more = work.extraInput(text + media + framing, outputMax);
        return new InputBound(text, media, framing + Math.min(more, TokenUsage.TOKENS_MAX), prompt.messageCount());
    }

    private Set<Component> components() {
        Set<Component> components = EnumSet.of(Component.INPUT, Component.CACHED_INPUT, Component.OUTPUT);
        components.addAll(caches.asked());
        return components;
    }

    static Rejected outOfRange(String name, long min, long max) {
        return Rejected.of(name + ": expected a whole number from " + min + " to " + max, name);
    }

    private static NavigableSet<String> ignoringCase(String... names) {
        var set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        set.addAll(List.of(names));
        return Collections.unmodifiableNavigableSet(set);
    }
}
