package dev.quotary.provider.anthropic;

import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the tools of a request. The caller runs most of them, and then they are text that the model reads; but some run at the provider,
 * which lets the model go on with their results within the same call, so that it reads its prompt once more for every use.
 */
final class ToolsReader {
    static final long USES_MAX = 1_000;

    /** The loop at the provider pauses after so many rounds on its own. */
    static final long USES_UNTOLD = 10;

    /** Billable searches where a call names no maximum: several may be made in one round. */
    static final long SEARCHES_UNTOLD = 100;

    /** What the provider writes into the prompt about a tool that it has defined itself. */
    static final long DEFINITION_TOKENS_MAX = 10_000;

    /** Results of one search: ten excerpts of pages. */
    static final long SEARCH_RESULT_TOKENS_MAX = 30_000;

    /** Tools that the provider has defined, but the caller runs. */
    private static final Set<String> RUN_BY_CALLER =
            Set.of("bash", "text_editor", "computer", "memory", "browser_toolset", "computer_toolset");

    private final RequestCursor cursor;
    private final PromptReader prompt;
    private final CacheWrites caches;
    private final ServerWork work;
    private long definitions;

    ToolsReader(RequestCursor cursor, PromptReader prompt, CacheWrites caches, ServerWork work) {
        this.cursor = cursor;
        this.prompt = prompt;
        this.caches = caches;
        this.work = work;
    }

    /** Tokens of definitions that are not in the request. */
    long definitionTokens() {
        return definitions * DEFINITION_TOKENS_MAX;
    }

    /** Reads the member {@code tools}; gives its length in bytes. */
    int read() throws IOException {
        if (!cursor.at(START_ARRAY)) {
            return prompt.pass();
        }
        int start = cursor.offset();
        while (cursor.more()) {
            if (cursor.at(START_OBJECT)) {
                tool();
            } else {
                prompt.pass();
            }
        }
        return cursor.offset() + 1 - start;
    }

    /** The members of a tool that matter if the provider runs it. */
    private static final class Tool {
        private String type = "custom";
        private Optional<String> model = Optional.empty();
        private Optional<Long> uses = Optional.empty();
        private Optional<Long> outputMax = Optional.empty();
    }

    private void tool() throws IOException {
        var tool = new Tool();
        while (cursor.more()) {
            String name = cursor.member();
            if (CacheWrites.named(name)) {
                caches.read();
                continue;
            }
            switch (name) {
                case "type" -> tool.type = name(tool.type).orElse(tool.type);
                case "model" -> tool.model = name("").or(() -> tool.model);
                case "max_uses" -> tool.uses = number(USES_MAX, name, tool.uses);
                case "max_tokens" ->
                    tool.outputMax = number(MessagesRequestReader.OUTPUT_TOKENS_MAX, name, tool.outputMax);
                default -> prompt.pass();
            }
        }
        count(tool);
    }

    /** Of a name that occurs twice the one that is not the caller's counts. */
    private Optional<String> name(String before) throws IOException {
        if (!cursor.at(VALUE_STRING)) {
            prompt.pass();
            return Optional.empty();
        }
        String text = cursor.text();
        return text.equals("custom") && !before.equals("custom") ? Optional.of(before) : Optional.of(text);
    }

    /** Of a number that occurs twice the larger one counts. */
    private Optional<Long> number(long max, String name, Optional<Long> before) throws IOException {
        if (cursor.atNull()) {
            return before;
        }
        Optional<Long> number = cursor.wholeNumber(0, max);
        if (number.isEmpty()) {
            cursor.reject(MessagesRequestReader.outOfRange("tools." + name, 0, max));
        }
        return number.map(told -> Math.max(told, before.orElse(0L)));
    }

    private void count(Tool tool) {
        if (tool.type.equals("custom")) {
            return;
        }
        definitions++;
        String family = tool.type.replaceFirst("_[0-9]{8}$", "");
        long uses = tool.uses.orElse(USES_UNTOLD);
        switch (family) {
            case "web_search" -> {
                work.searches(tool.uses.orElse(SEARCHES_UNTOLD));
                work.rounds(uses, SEARCH_RESULT_TOKENS_MAX);
            }
            case "tool_search_tool_bm25", "tool_search_tool_regex" -> work.rounds(uses, SEARCH_RESULT_TOKENS_MAX);
            case "web_fetch", "mcp_toolset" -> work.rounds(uses, ServerWork.CONTEXT_TOKENS_MAX);
            case "advisor" -> work.advice(uses, tool.model, tool.outputMax);
            default -> {
                if (!RUN_BY_CALLER.contains(family)) {
                    // Running code is charged by the hour, and of a tool that is not known here nothing can be told.
                    work.otherFees();
                    work.rounds(uses, ServerWork.CONTEXT_TOKENS_MAX);
                }
            }
        }
    }
}
