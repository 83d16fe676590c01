package dev.quotary.provider.openai.audio;

import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import dev.quotary.price.Component;
import dev.quotary.price.Fees;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.json.RequestCursor;
import dev.quotary.provider.json.RequestMembers;
import dev.quotary.provider.openai.ModelMember;
import dev.quotary.provider.openai.OpenAiFormat;
import dev.quotary.provider.openai.SplicedRequest;
import dev.quotary.provider.openai.Splices;
import dev.quotary.provider.openai.Tiers;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads one request for speech in a single pass, without building a tree. */
final class SpeechRequestReader implements RequestMembers.Reader, RequestMembers.Values {
    /** At a quarter of the speed four characters take a second, which is 21 tokens; and some for a pause at the end. */
    private static final long TOKENS_PER_CHARACTER = 20;

    private static final long TOKENS_MIN = 200;

    private static final NavigableSet<String> READ = RequestMembers.names("model", "input", "stream_format", "user");

    private static final Set<String> PROMPTLESS = Set.of("voice", "response_format", "speed");

    private final SplicedRequest.Body source;
    private final OpenAiFormat format;
    private final RequestCursor cursor;
    private final RequestMembers members;
    private final ModelMember model = new ModelMember();

    private long characters;
    private long textBytes;
    private Optional<String> streamFormat = Optional.empty();
    private Optional<String> user = Optional.empty();

    private SpeechRequestReader(SplicedRequest.Body source, OpenAiFormat format, RequestCursor cursor) {
        this.source = source;
        this.format = format;
        this.cursor = cursor;
        this.members = new RequestMembers(cursor, source.bytes(), READ);
    }

    static RequestReading read(SplicedRequest.Body source, OpenAiFormat format) {
        return RequestMembers.read(
                format.shared().json(), source.bytes(), cursor -> new SpeechRequestReader(source, format, cursor));
    }

    @Override
    public void members() throws IOException {
        members.read(this);
        members.require("model", "input");
    }

    @Override
    public void other(String name) throws IOException {
        long length = cursor.skip();
        textBytes += PROMPTLESS.contains(name) ? 0 : length;
    }

    @Override
    public void known(String name) throws IOException {
        switch (name) {
            case "model" -> model.read(cursor, members);
            case "input" -> input();
            case "stream_format" -> streamFormat = members.text(name, ModelMember.LENGTH_MAX);
            default -> user = members.text(name, SplicedRequest.USER_LENGTH_MAX);
        }
    }

    private void input() throws IOException {
        if (!cursor.at(VALUE_STRING)) {
            cursor.rejectType("input", "a string");
            return;
        }
        var text = cursor.text();
        characters = text.codePointCount(0, text.length());
        textBytes += cursor.textBytes();
    }

    /** An answer that is sound has no usage, and an event stream says it at its end: it is told by what it claims to be. */
    @Override
    public ProviderRequest request() {
        // These are priced by the character alone and count no tokens; others than OpenAI's may be priced by either.
        boolean byCharacter = model.name().toLowerCase(Locale.ROOT).startsWith("tts-");
        long tokens = TOKENS_PER_CHARACTER * characters + TOKENS_MIN;
        boolean events = streamFormat.equals(Optional.of("sse"));
        var facts = new RequestFacts(
                model.name(),
                events ? Streaming.ON_WITH_USAGE : Streaming.ON,
                byCharacter ? new InputBound(0, 0, 0, 0) : new InputBound(textBytes, 0, 20, 0),
                byCharacter ? OutputBound.NONE : new OutputBound(OptionalLong.of(tokens), 1),
                EnumSet.of(Component.INPUT, Component.OUTPUT, Component.OUTPUT_AUDIO),
                Tiers.possible(Optional.of("default")),
                Set.of(),
                Fees.of(Component.CHARACTERS, characters),
                user,
                false);
        return new SplicedRequest(source.renamedBy(model.renaming()), facts, Splices.NONE, format);
    }
}
