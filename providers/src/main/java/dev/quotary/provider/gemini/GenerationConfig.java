package dev.quotary.provider.gemini;

import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads the member {@code generationConfig}: how much the model may write, and of what kind. */
final class GenerationConfig {
    static final int CANDIDATES_MAX = 128;
    static final long OUTPUT_TOKENS_MAX = 1_000_000_000;

    private static final Names NAMES = Names.of(
            "maxOutputTokens",
            "candidateCount",
            "responseModalities",
            "routingConfig",
            "modelSelectionConfig",
            "modelConfig");
    private static final int DIGITS_MAX = 18;

    private final RequestCursor cursor;
    private final Prompt prompt;
    private @Nullable CapPlace place;
    private OptionalLong outputMax = OptionalLong.empty();
    private int candidates = 1;
    private boolean modalitiesNamed;
    private boolean speaks;
    private boolean draws;

    GenerationConfig(RequestCursor cursor, Prompt prompt) {
        this.cursor = cursor;
        this.prompt = prompt;
    }

    void read() throws IOException {
        int start = cursor.offset();
        if (cursor.atNull()) {
            place = new CapPlace(start, start + 4, "{" + CapPlace.NAME, "}");
        } else if (cursor.at(START_OBJECT)) {
            members(start);
        } else {
            cursor.rejectType("generationConfig", "an object");
        }
    }

    private void members(int start) throws IOException {
        // Whatever follows the bracket is a member, or the end of an object without any.
        var empty = new boolean[] {true};
        new Members(cursor, NAMES)
                .read(
                        name -> {
                            empty[0] = false;
                            member(name);
                        },
                        name -> {
                            empty[0] = false;
                            prompt.raw(name);
                        });
        if (outputMax.isEmpty() && place == null) {
            place = new CapPlace(start + 1, start + 1, CapPlace.NAME, empty[0] ? "" : ",");
        }
    }

    private void member(String name) throws IOException {
        switch (name) {
            case "maxOutputTokens" -> cap();
            case "candidateCount" ->
                candidates = (int) number(name, CANDIDATES_MAX).orElse(1);
            case "responseModalities" -> modalities();
            default -> router(name);
        }
    }

    private void cap() throws IOException {
        int start = cursor.offset();
        if (cursor.atNull()) {
            place = new CapPlace(start, start + 4, "", "");
        } else {
            outputMax = number("maxOutputTokens", OUTPUT_TOKENS_MAX);
        }
    }

    /** Vertex AI can choose another model for a call, with another price. */
    private void router(String name) throws IOException {
        if (!cursor.atNull()) {
            cursor.reject(Rejected.of("Unsupported parameter: '" + name + "'. A call is metered for one model.", name));
        }
        cursor.skip();
    }

    /** Numbers may come as strings, as everywhere in this API. */
    private OptionalLong number(String name, long max) throws IOException {
        if (cursor.atNull()) {
            return OptionalLong.empty();
        }
        Optional<Long> number = cursor.at(VALUE_STRING) ? digits(cursor.text(), max) : cursor.wholeNumber(1, max);
        if (number.isEmpty()) {
            cursor.reject(Rejected.of("Invalid '" + name + "': expected a whole number from 1 to " + max + ".", name));
        }
        return OptionalLong.of(number.orElse(1L));
    }

    private static Optional<Long> digits(String text, long max) {
        if (text.isEmpty() || text.length() > DIGITS_MAX || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        long number = Long.parseLong(text);
        return number < 1 || number > max ? Optional.empty() : Optional.of(number);
    }

    private void modalities() throws IOException {
        if (!cursor.at(START_ARRAY)) {
            modality();
            return;
        }
        while (cursor.more()) {
            modality();
        }
    }

    /** What is not known may be anything. */
    private void modality() throws IOException {
        if (cursor.atNull()) {
            return;
        }
        modalitiesNamed = true;
        switch (cursor.at(VALUE_STRING) ? cursor.text().toUpperCase(Locale.ROOT) : "") {
            case "TEXT" -> {}
            case "AUDIO" -> speaks = true;
            case "IMAGE" -> draws = true;
            default -> {
                speaks = true;
                draws = true;
            }
        }
        cursor.skip();
    }

    /** Where a cap on the output would go; empty if there is one, or if the request has no such member. */
    Optional<CapPlace> place() {
        return Optional.ofNullable(place);
    }

    OptionalLong outputMax() {
        return outputMax;
    }

    int candidates() {
        return candidates;
    }

    /** Whether the answer may hold audio. A model's own default is not known. */
    boolean speaks() {
        return speaks || !modalitiesNamed;
    }

    /** Whether the answer may hold images. */
    boolean draws(GeminiModel model) {
        return draws || (!modalitiesNamed && model.draws());
    }
}
