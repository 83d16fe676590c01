package dev.quotary.provider.anthropic;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NULL;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.quotary.provider.Served;
import dev.quotary.provider.anthropic.Counts.Count;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A {@code usage} object as it was written, or several of one stream, of which the later ones override the earlier. */
final class UsageFields {
    private final Counts counts = new Counts();
    private Optional<String> tier = Optional.empty();
    private Optional<String> speed = Optional.empty();
    private Optional<String> geo = Optional.empty();
    private @Nullable Rounds rounds;

    /** Reads the object that the parser stands at the start of, to its end. */
    static UsageFields read(JsonParser parser) throws IOException {
        var fields = new UsageFields();
        if (parser.currentToken() != START_OBJECT) {
            fields.counts.broken("usage is not an object");
            parser.skipChildren();
            return fields;
        }
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            fields.member(name, parser);
        }
        return fields;
    }

    private void member(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "service_tier" -> tier = Words.word(parser);
            case "speed" -> speed = Words.word(parser);
            case "inference_geo" -> geo = Words.word(parser);
            case "iterations" -> rounds(parser);
            case "server_tool_use" -> object(name, parser, this::toolUse);
            default -> count(name, parser, counts);
        }
    }

    /** A member that takes the parser from the start of its value to its end. */
    private interface Member {
        void read(String name, JsonParser parser) throws IOException;
    }

    private void object(String name, JsonParser parser, Member member) throws IOException {
        if (parser.currentToken() == VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != START_OBJECT) {
            counts.broken(name + " is not an object");
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == FIELD_NAME) {
            String inner = parser.currentName();
            parser.nextToken();
            member.read(inner, parser);
        }
    }

    private void toolUse(String name, JsonParser parser) throws IOException {
        if (name.equals("web_search_requests")) {
            counts.read(Count.WEB_SEARCHES, parser);
        } else {
            parser.skipChildren();
        }
    }

    /** The numbers that a whole usage and one round of it have in common. */
    private void count(String name, JsonParser parser, Counts target) throws IOException {
        switch (name) {
            case "input_tokens" -> target.read(Count.INPUT, parser);
            case "cache_read_input_tokens" -> target.read(Count.CACHE_READ, parser);
            case "cache_creation_input_tokens" -> target.read(Count.CACHE_WRITE, parser);
            case "output_tokens" -> target.read(Count.OUTPUT, parser);
            case "cache_creation" -> object(name, parser, (inner, at) -> life(inner, at, target));
            case "output_tokens_details" -> object(name, parser, (inner, at) -> detail(inner, at, target));
            default -> parser.skipChildren();
        }
    }

    private static void life(String name, JsonParser parser, Counts target) throws IOException {
        switch (name) {
            case "ephemeral_5m_input_tokens" -> target.read(Count.CACHE_WRITE_5M, parser);
            case "ephemeral_1h_input_tokens" -> target.read(Count.CACHE_WRITE_1H, parser);
            default -> parser.skipChildren();
        }
    }

    private static void detail(String name, JsonParser parser, Counts target) throws IOException {
        if (name.equals("thinking_tokens")) {
            target.read(Count.THINKING, parser);
        } else {
            parser.skipChildren();
        }
    }

    private void rounds(JsonParser parser) throws IOException {
        if (parser.currentToken() == VALUE_NULL) {
            return;
        }
        if (parser.currentToken() != START_ARRAY || rounds != null) {
            counts.broken(rounds == null ? "iterations is not an array" : "iterations occurs more than once");
            parser.skipChildren();
            return;
        }
        rounds = new Rounds();
        JsonToken next = parser.nextToken();
        while (next != END_ARRAY) {
            round(parser, rounds);
            next = parser.nextToken();
        }
    }

    private void round(JsonParser parser, Rounds target) throws IOException {
        if (parser.currentToken() != START_OBJECT || target.full()) {
            counts.broken("iterations is not an array of at most " + Rounds.COUNT_MAX + " objects");
            parser.skipChildren();
            return;
        }
        Optional<String> type = Optional.empty();
        Optional<String> model = Optional.empty();
        var own = new Counts();
        while (parser.nextToken() == FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "type" -> type = Words.word(parser);
                case "model" -> model = Words.word(parser);
                default -> count(name, parser, own);
            }
        }
        target.add(new Rounds.Round(type.orElse(""), model, own.tokens()));
        if (own.problem() != null) {
            counts.broken("in iterations, " + own.problem());
        }
    }

    /** What is told later counts in place of what was told before; null tells nothing. */
    void override(UsageFields later) {
        counts.override(later.counts);
        tier = later.tier.or(() -> tier);
        speed = later.speed.or(() -> speed);
        geo = later.geo.or(() -> geo);
        rounds = later.rounds == null ? rounds : later.rounds;
    }

    boolean has(Count count) {
        return counts.has(count);
    }

    Served served(Optional<String> model) {
        return ServedAs.of(model, tier, speed, geo);
    }

    /** What these fields come to. */
    sealed interface Reading {
        record Sound(Rounds.Division division) implements Reading {}

        record Broken(String reason) implements Reading {}
    }

    /** @param model that is named on the answer */
    Reading reading(Optional<String> model) {
        String problem = counts.has(Count.INPUT) ? counts.problem() : "usage without input_tokens";
        if (problem != null) {
            return new Reading.Broken(problem);
        }
        try {
            return new Reading.Sound((rounds == null ? new Rounds() : rounds).divide(counts.tokens(), model));
        } catch (IllegalArgumentException e) {
            return new Reading.Broken("iterations do not add up: " + e.getMessage());
        }
    }
}
