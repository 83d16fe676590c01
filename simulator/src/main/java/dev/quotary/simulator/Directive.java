package dev.quotary.simulator;

import dev.quotary.simulator.Ending.Complete;
import dev.quotary.simulator.Ending.CutAfter;
import dev.quotary.simulator.Ending.ErrorAfter;
import dev.quotary.simulator.Ending.Hanging;
import dev.quotary.simulator.Ending.Refused;
import dev.quotary.simulator.Ending.TruncatedAfter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a caller wants the answer to be like. Whatever it leaves out is made up.
 *
 * <p>Its words stand in the header {@code X-Simulate}, or else in a message as {@code [simulate output=3 latency=200ms]}. One
 * directive counts, whole: the header before the messages, a later message before an earlier one. Adding them up would let a
 * directive of an old turn of a conversation spoil every later one.
 */
record Directive(Counts counts, Pace pace, Ending ending, Served served, Extras extras, More more, Media media) {
    static final int INPUT_TOKENS_MAX = 10_000_000;
    static final int ANSWER_TOKENS_MAX = 100_000;
    static final int SEARCHES_MAX = 1_000;
    static final Duration LATENCY_MAX = Duration.ofMinutes(10);
    static final Duration CHUNK_DELAY_MAX = Duration.ofMinutes(1);
    private static final int SECONDS_MAX = 100_000;
    private static final int ERROR_MIN = 400;
    private static final int ERROR_MAX = 599;
    private static final Predicate<String> NAME =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}").asMatchPredicate();

    /** Token counts; an empty one is estimated, or none. {@code output} includes {@code reasoning}, {@code input} both caches. */
    record Counts(
            OptionalInt input, OptionalInt output, OptionalInt cached, OptionalInt cacheWrite, OptionalInt reasoning) {}

    /** @param chunkDelay between two events of a stream */
    record Pace(Duration latency, Duration chunkDelay) {}

    /** What an answer says about how it came about. */
    record Served(Optional<String> model, Optional<String> tier, boolean usage) {}

    /**
     * What only some formats tell of what was used.
     *
     * @param longLived tokens written to the cache for long
     * @param searches billable web searches
     * @param searchesUntold whether only the output shows them
     * @param imageInput the part of the input that was images
     * @param seconds how long a recording is
     * @param ticks what the provider says that it charged
     */
    record Extras(
            OptionalInt longLived,
            int searches,
            boolean searchesUntold,
            OptionalInt imageInput,
            OptionalInt seconds,
            OptionalInt ticks) {}

    /**
     * What only Anthropic's messages have.
     *
     * @param pings whether a ping follows every chunk with text
     * @param speed how fast the call was served
     * @param region where it was served
     * @param media what is told of tools and of media
     */
    record More(boolean pings, Optional<String> speed, Optional<String> region) {}

    /**
     * What only Gemini tells.
     *
     * @param toolInput tokens that tools added to the prompt
     * @param audio how many of the prompt's tokens are audio
     * @param blocked whether the prompt is refused
     */
    record Media(int toolInput, int audio, boolean blocked) {}

    /** @throws InvalidRequestException naming the word that is wrong and what was expected */
    static Directive of(List<String> headers, Prompt prompt) {
        var text = headers.isEmpty() ? prompt.directive() : Optional.of(String.join(" ", headers));
        return parse(text.orElse(""));
    }

    static Directive parse(String text) {
        var words = DirectiveWords.of(text);
        var directive = new Directive(
                counts(words), pace(words), ending(words), served(words), extras(words), more(words), media(words));
        words.refuseUnread();
        return directive;
    }

    /** A plain answer has no chunks to be cut or failed after. */
    void refuseIfForStreams() {
        if (ending instanceof CutAfter) {
            throw DirectiveWords.bad("cut_after", "expected it only with \"stream\": true");
        }
        if (ending instanceof TruncatedAfter) {
            throw DirectiveWords.bad("truncate_after", "expected it only with \"stream\": true");
        }
        if (ending instanceof ErrorAfter) {
            throw DirectiveWords.bad("error_after", "expected it only with \"stream\": true");
        }
    }

    private static Counts counts(DirectiveWords words) {
        return new Counts(
                words.number("input", 0, INPUT_TOKENS_MAX),
                words.number("output", 0, ANSWER_TOKENS_MAX),
                words.number("cached", 0, INPUT_TOKENS_MAX),
                words.number("cache_write", 0, INPUT_TOKENS_MAX),
                words.number("reasoning", 0, ANSWER_TOKENS_MAX));
    }

    private static Pace pace(DirectiveWords words) {
        return new Pace(
                words.duration("latency", LATENCY_MAX).orElse(Duration.ZERO),
                words.duration("chunk_delay", CHUNK_DELAY_MAX).orElse(Duration.ZERO));
    }

    private static Served served(DirectiveWords words) {
        return new Served(words.name("model", NAME), words.name("tier", NAME), !words.flag("no_usage"));
    }

    private static Extras extras(DirectiveWords words) {
        return new Extras(
                words.number("cache_write_1h", 0, INPUT_TOKENS_MAX),
                words.number("searches", 0, SEARCHES_MAX).orElse(0),
                words.flag("untold_searches"),
                words.number("image_input", 0, INPUT_TOKENS_MAX),
                words.number("seconds", 0, SECONDS_MAX),
                words.number("ticks", 0, 999_999_999));
    }

    private static More more(DirectiveWords words) {
        return new More(words.flag("pings"), words.name("speed", NAME), words.name("region", NAME));
    }

    private static Media media(DirectiveWords words) {
        return new Media(
                words.number("tool_input", 0, INPUT_TOKENS_MAX).orElse(0),
                words.number("audio", 0, INPUT_TOKENS_MAX).orElse(0),
                words.flag("blocked"));
    }

    private static Ending ending(DirectiveWords words) {
        var endings = Stream.<Stream<? extends Ending>>of(
                        words.number("error", ERROR_MIN, ERROR_MAX).stream().mapToObj(Refused::new),
                        words.number("cut_after", 0, ANSWER_TOKENS_MAX).stream().mapToObj(CutAfter::new),
                        words.number("error_after", 0, ANSWER_TOKENS_MAX).stream()
                                .mapToObj(ErrorAfter::new),
                        words.number("truncate_after", 0, ANSWER_TOKENS_MAX).stream()
                                .mapToObj(TruncatedAfter::new),
                        words.flag("hang") ? Stream.of(new Hanging()) : Stream.<Ending>empty())
                .<Ending>flatMap(ending -> ending)
                .toList();
        if (endings.size() > 1) {
            throw DirectiveWords.bad(
                    "error", "expected at most one of error, cut_after, error_after, truncate_after and hang");
        }
        return endings.isEmpty() ? new Complete() : endings.getFirst();
    }
}
