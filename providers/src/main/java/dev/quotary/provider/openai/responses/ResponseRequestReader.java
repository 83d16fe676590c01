package dev.quotary.provider.openai.responses;

import dev.quotary.price.Component;
import dev.quotary.price.Fees;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.json.Edit;
import dev.quotary.provider.json.RequestCursor;
import dev.quotary.provider.json.RequestMembers;
import dev.quotary.provider.openai.CapMember;
import dev.quotary.provider.openai.ChatDialect;
import dev.quotary.provider.openai.ModelMember;
import dev.quotary.provider.openai.SplicedRequest;
import dev.quotary.provider.openai.Splices;
import dev.quotary.provider.openai.Tiers;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads one request for a response in a single pass, without building a tree. */
final class ResponseRequestReader implements RequestMembers.Reader, RequestMembers.Values {
    /**
     * Calls of tools at the provider that are held for where the client names no maximum. They have no bound then: what goes beyond is
     * recorded, also where it passes a limit. Where the output is capped for a limit, the calls are capped as well.
     */
    static final long TOOL_CALLS_ASSUMED = 10;

    /** What one call of a tool at the provider may add to the context. */
    static final long TOKENS_PER_TOOL_CALL = 10_000;

    private static final String TOOL_CALLS = "max_tool_calls";
    private static final long TOOL_CALLS_MAX = 10_000;

    private static final NavigableSet<String> READ = RequestMembers.names(
            "model",
            "models",
            "input",
            "tools",
            "stream",
            "background",
            "max_output_tokens",
            TOOL_CALLS,
            "service_tier",
            "user",
            "previous_response_id",
            "conversation",
            "prompt",
            "search_parameters",
            "plugins");

    /** Members that no server shows to the model; every other one counts as text. */
    private static final Set<String> PROMPTLESS = Set.of(
            "include",
            "metadata",
            "parallel_tool_calls",
            "prompt_cache_key",
            "prompt_cache_options",
            "prompt_cache_retention",
            "reasoning",
            "safety_identifier",
            "store",
            "stream_options",
            "temperature",
            "top_logprobs",
            "top_p",
            "truncation");

    private final SplicedRequest.Body source;
    private final OpenAiResponses format;
    private final RequestCursor cursor;
    private final RequestMembers members;
    private final ResponseInput input;
    private final ResponseTools tools;
    private final ModelMember model = new ModelMember();
    private final CapMember cap = new CapMember("max_output_tokens");

    private boolean stream;
    private OptionalLong toolCalls = OptionalLong.empty();
    private Optional<String> tier = Optional.empty();
    private Optional<String> user = Optional.empty();
    private boolean unseenFees;

    private ResponseRequestReader(SplicedRequest.Body source, OpenAiResponses format, RequestCursor cursor) {
        this.source = source;
        this.format = format;
        this.cursor = cursor;
        this.members = new RequestMembers(cursor, source.bytes(), READ);
        this.input = new ResponseInput(cursor, format.shared().dialect().bounds());
        this.tools = new ResponseTools(cursor, format.shared().dialect().family());
    }

    static RequestReading read(SplicedRequest.Body source, OpenAiResponses format) {
        return RequestMembers.read(
                format.shared().json(), source.bytes(), cursor -> new ResponseRequestReader(source, format, cursor));
    }

    @Override
    public void members() throws IOException {
        members.read(this);
        members.require("model");
    }

    @Override
    public void other(String name) throws IOException {
        if (PROMPTLESS.contains(name)) {
            cursor.skip();
        } else {
            input.raw(name);
        }
    }

    @Override
    public void known(String name) throws IOException {
        switch (name) {
            case "model" -> model.read(cursor, members);
            case "input" -> input.read();
            case "tools" -> input.text(tools.read());
            case "stream" -> stream = members.flag(name);
            case "background" ->
                members.refuseFlag(name, "What works on after the call cannot be metered; leave it out.");
            case "max_output_tokens" -> cap.read(name, cursor, members);
            case TOOL_CALLS -> toolCalls = members.number(name, 1, TOOL_CALLS_MAX);
            case "service_tier" -> tier = members.text(name, ModelMember.LENGTH_MAX);
            case "user" -> user = members.text(name, SplicedRequest.USER_LENGTH_MAX);
            case "previous_response_id" ->
                members.text(name, ModelMember.LENGTH_MAX).ifPresent(id -> input.stored(format.contextOf(id)));
            case "conversation", "prompt" -> stored(name);
            case "models" -> alternatives();
            default -> {
                unseenFees |= !cursor.atNull();
                input.raw(name);
            }
        }
    }

    /** Others may add to a conversation and change a template, so that their size is never known; templates may name tools. */
    private void stored(String name) throws IOException {
        if (!cursor.atNull()) {
            input.stored(KnownContexts.TOKENS_MAX);
            unseenFees |= name.equals("prompt");
            input.raw(name);
        }
    }

    private void alternatives() {
        if (!cursor.atNull()) {
            cursor.reject(Rejected.of("Unsupported parameter: 'models'. A call is metered for one model.", "models"));
        }
    }

    @Override
    public ProviderRequest request() {
        var facts = new RequestFacts(
                model.name(),
                stream ? Streaming.ON_WITH_USAGE : Streaming.OFF,
                input.bound(readAgain()),
                new OutputBound(cap.max(), 1),
                EnumSet.of(
                        Component.INPUT,
                        Component.CACHED_INPUT,
                        Component.CACHE_WRITE_5M,
                        Component.CACHE_WRITE_1H,
                        Component.OUTPUT),
                Tiers.possible(tier),
                Set.of(),
                feesMax(),
                user,
                unseenFees || (tools.atProvider() && toolCalls.isEmpty()) || tools.makesImages());
        var splices = new Splices(
                List.of(), cap.max().isEmpty() ? Optional.of(cap.place(members.end())) : Optional.empty(), cappedToo());
        return new SplicedRequest(source.renamedBy(model.renaming()), facts, splices, format);
    }

    /** With tools at the provider the model reads all of its context again after each call, and what the call brought. */
    private long readAgain() {
        if (!tools.atProvider()) {
            return 0;
        }
        long calls = toolCalls.orElse(TOOL_CALLS_ASSUMED);
        long once = Math.min(input.bound(0).tokensMax() + calls * TOKENS_PER_TOOL_CALL, KnownContexts.TOKENS_MAX);
        return Math.min(calls * once, TokenUsage.TOKENS_MAX);
    }

    private Fees feesMax() {
        long calls = toolCalls.orElse(TOOL_CALLS_ASSUMED);
        return TokenUsage.builder()
                .set(Component.WEB_SEARCHES, tools.searchesWeb() ? calls : 0)
                .set(Component.FILE_SEARCHES, tools.searchesFiles() ? calls : 0)
                .build()
                .fees();
    }

    private List<Edit> cappedToo() {
        boolean unbounded = tools.atProvider() && toolCalls.isEmpty() && !members.has(TOOL_CALLS);
        boolean known = format.shared().dialect().family() == ChatDialect.Family.OPENAI;
        int end = members.end();
        return unbounded && known
                ? List.of(new Edit(end, end, ",\"" + TOOL_CALLS + "\":" + TOOL_CALLS_ASSUMED))
                : List.of();
    }
}
