package dev.quotary.provider.openai;

import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import dev.quotary.price.Component;
import dev.quotary.price.Fees;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.json.RequestCursor;
import dev.quotary.provider.json.RequestMembers;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;

/** Reads one chat completion request in a single pass, without building a tree. */
final class ChatRequestReader implements RequestMembers.Reader, RequestMembers.Values {
    static final int CHOICES_MAX = 128;

    private static final NavigableSet<String> READ = RequestMembers.names(
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

    private final SplicedRequest.Body source;
    private final OpenAiChat format;
    private final RequestCursor cursor;
    private final RequestMembers members;
    private final PromptCounter prompt;
    private final StreamOptions streamOptions;
    private final ModelMember model = new ModelMember();
    private final CapMember cap;

    private boolean stream;
    private int choices = 1;
    private Optional<String> tier = Optional.empty();
    private Optional<String> user = Optional.empty();
    private boolean toolFees;
    private boolean speaks;

    private ChatRequestReader(SplicedRequest.Body source, OpenAiChat format, RequestCursor cursor) {
        this.source = source;
        this.format = format;
        this.cursor = cursor;
        this.members = new RequestMembers(cursor, source.bytes(), READ);
        this.prompt = new PromptCounter(cursor, format.shared().dialect().bounds());
        this.streamOptions = new StreamOptions(cursor);
        this.cap = new CapMember(format.shared().dialect().cap().member());
    }

    static RequestReading read(SplicedRequest.Body source, OpenAiChat format) {
        return RequestMembers.read(
                format.shared().json(), source.bytes(), cursor -> new ChatRequestReader(source, format, cursor));
    }

    @Override
    public void members() throws IOException {
        members.read(this);
        members.require("model", "messages");
    }

    @Override
    public void other(String name) throws IOException {
        if (PROMPTLESS.contains(name)) {
            cursor.skip();
        } else {
            prompt.raw(name);
        }
    }

    @Override
    public void known(String name) throws IOException {
        switch (name) {
            case "model" -> model.read(cursor, members);
            case "messages" -> prompt.messages();
            case "tools" -> prompt.tools();
            case "stream" -> stream = members.flag(name);
            case "stream_options" -> streamOptions.read();
            case "max_completion_tokens", "max_tokens" -> cap.read(name, cursor, members);
            case "n" -> choices = (int) members.number(name, 1, CHOICES_MAX).orElse(1);
            case "service_tier" -> tier = members.text(name, ModelMember.LENGTH_MAX);
            case "user" -> user = members.text(name, SplicedRequest.USER_LENGTH_MAX);
            case "models" -> alternatives(cursor);
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

    /** OpenRouter's list of fall-backs: any of them may serve the call, at its own price, whatever the caller may use. */
    static void alternatives(RequestCursor cursor) {
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

    /** The chat format has one class of cache writes only, counts images as text, and makes none. */
    private Set<Component> components() {
        Set<Component> components = EnumSet.allOf(Component.class);
        components.removeAll(EnumSet.of(Component.CACHE_WRITE_1H, Component.INPUT_IMAGE, Component.OUTPUT_IMAGE));
        if (!prompt.hasAudio()) {
            components.remove(Component.INPUT_AUDIO);
        }
        if (!speaks) {
            components.remove(Component.OUTPUT_AUDIO);
        }
        return components;
    }

    @Override
    public ProviderRequest request() {
        var facts = new RequestFacts(
                model.name(),
                streamOptions.streaming(stream),
                prompt.bound(),
                new OutputBound(cap.max(), choices),
                components(),
                Tiers.possible(tier),
                Set.of(),
                Fees.NONE,
                user,
                toolFees || prompt.serverTools());
        var splices = new Splices(
                streamOptions.asking(format.shared().dialect().streamUsage(), stream, members.end()),
                cap.max().isEmpty() ? Optional.of(cap.place(members.end())) : Optional.empty(),
                List.of());
        return new SplicedRequest(source.renamedBy(model.renaming()), facts, splices, format);
    }
}
