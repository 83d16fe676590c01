package dev.quotary.api.otlp;

import dev.quotary.call.Dimensions;
import dev.quotary.http.InvalidInputException;
import dev.quotary.price.Component;
import dev.quotary.price.TokenUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a span says by the conventions for generative AI, whichever version of them: their names keep moving, so each thing has all that it was
 * called by, the newest first.
 *
 * @param subject empty where the span does not say
 * @param tokens in disjoint buckets
 * @param errorType empty where nothing failed
 */
public record GenAi(Optional<String> subject, Dimensions dimensions, TokenUsage tokens, Optional<String> errorType) {
    private static final List<String> OPERATION = List.of("gen_ai.operation.name");
    private static final List<String> PROVIDER = List.of("gen_ai.provider.name", "gen_ai.system");
    private static final List<String> MODEL = List.of("gen_ai.response.model", "gen_ai.request.model");
    private static final List<String> INPUT =
            List.of("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens");
    private static final List<String> OUTPUT =
            List.of("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.usage.completion_tokens");
    private static final List<String> CACHED = List.of(
            "gen_ai.usage.cache_read.input_tokens",
            "gen_ai.usage.cache_read_input_tokens",
            "gen_ai.usage.input_tokens.cached");
    private static final List<String> CACHE_WRITE = List.of(
            "gen_ai.usage.cache_write.input_tokens",
            "gen_ai.usage.cache_creation.input_tokens",
            "gen_ai.usage.cache_creation_input_tokens");
    private static final List<String> REASONING = List.of(
            "gen_ai.usage.reasoning.output_tokens",
            "gen_ai.usage.reasoning_tokens",
            "gen_ai.usage.output_tokens.reasoning");
    private static final List<String> SUBJECT = List.of("quotary.subject", "user.id", "enduser.id");
    private static final List<String> SESSION = List.of("quotary.session", "gen_ai.conversation.id", "session.id");
    private static final List<String> WORKFLOW = List.of("quotary.workflow", "gen_ai.workflow.name");
    private static final List<String> FEATURE = List.of("quotary.feature", "gen_ai.agent.name", "service.name");
    private static final List<String> ERROR = List.of("error.type");

    /** Operations that are a call of a model; agents and tools only surround such calls, and repeat what they used. */
    private static final Set<String> CALLS =
            Set.of("chat", "text_completion", "completion", "generate_content", "embeddings");

    private static final Map<String, String> PROVIDERS = Map.ofEntries(
            Map.entry("gcp.gemini", "gemini"),
            Map.entry("gcp.vertex_ai", "gemini"),
            Map.entry("gcp.gen_ai", "gemini"),
            Map.entry("google", "gemini"),
            Map.entry("vertex_ai", "gemini"),
            Map.entry("azure.ai.openai", "openai"),
            Map.entry("az.ai.openai", "openai"),
            Map.entry("x_ai", "xai"));

    /**
     * What a span is as usage; empty for one that is no call of a model, or says no tokens.
     *
     * @throws InvalidInputException if it says something that cannot be
     */
    public static Optional<GenAi> of(Span span) {
        var operation = find(span, OPERATION);
        boolean counted = find(span, INPUT).isPresent() || find(span, OUTPUT).isPresent();
        if (!counted || operation.filter(name -> !CALLS.contains(name)).isPresent()) {
            return Optional.empty();
        }
        var provider = find(span, PROVIDER).map(name -> PROVIDERS.getOrDefault(name, name));
        try {
            var dimensions = new Dimensions(
                    provider.orElse(null),
                    find(span, MODEL).orElse(null),
                    find(span, FEATURE).orElse(null),
                    find(span, SESSION).orElse(null),
                    find(span, WORKFLOW).orElse(null),
                    Map.of());
            var error = span.failed() ? find(span, ERROR).or(() -> Optional.of("error")) : Optional.<String>empty();
            return Optional.of(new GenAi(find(span, SUBJECT), dimensions, tokens(span), error));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("", 0, "span " + span.id() + ": " + e.getMessage());
        }
    }

    /** What was read includes what the cache gave and took; where less is told than that, it does not, as of older clients of Anthropic. */
    private static TokenUsage tokens(Span span) {
        long input = number(span, INPUT);
        long cached = number(span, CACHED);
        long written = number(span, CACHE_WRITE);
        long rest = cached + written <= input ? input - cached - written : input;
        return TokenUsage.builder()
                .set(Component.INPUT, rest)
                .set(Component.CACHED_INPUT, cached)
                .set(Component.CACHE_WRITE_5M, written)
                .set(Component.OUTPUT, number(span, OUTPUT))
                .reasoning(Math.min(number(span, REASONING), number(span, OUTPUT)))
                .build();
    }

    private static long number(Span span, List<String> names) {
        var text = find(span, names).orElse("0");
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= TokenUsage.TOKENS_MAX) {
                return number;
            }
        } catch (NumberFormatException _) {
            // Told below.
        }
        throw new IllegalArgumentException(
                "expected " + names.getFirst() + " of 0.." + TokenUsage.TOKENS_MAX + ", was '" + text + "'");
    }

    private static Optional<String> find(Span span, List<String> names) {
        return names.stream()
                .filter(name -> !span.attributes().getOrDefault(name, "").isEmpty())
                .findFirst()
                .map(span.attributes()::get);
    }
}
