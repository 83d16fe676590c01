package dev.quotary.provider.openai.embeddings;

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
import dev.quotary.provider.openai.TextInput;
import dev.quotary.provider.openai.Tiers;
import java.io.IOException;
import java.util.EnumSet;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;

/** Reads one request for embeddings in a single pass, without building a tree. */
final class EmbeddingRequestReader implements RequestMembers.Reader, RequestMembers.Values {
    /** What other vocabularies than OpenAI's put around each text. */
    private static final long TOKENS_PER_TEXT = 4;

    private static final NavigableSet<String> READ = RequestMembers.names("model", "input", "user", "stream");

    private static final Set<String> INPUTLESS =
            Set.of("dimensions", "encoding_format", "truncate_prompt_tokens", "metadata");

    private final SplicedRequest.Body source;
    private final OpenAiFormat format;
    private final RequestCursor cursor;
    private final RequestMembers members;
    private final TextInput input;
    private final ModelMember model = new ModelMember();

    private long otherBytes;
    private Optional<String> user = Optional.empty();

    private EmbeddingRequestReader(SplicedRequest.Body source, OpenAiFormat format, RequestCursor cursor) {
        this.source = source;
        this.format = format;
        this.cursor = cursor;
        this.members = new RequestMembers(cursor, source.bytes(), READ);
        this.input = new TextInput(cursor);
    }

    static RequestReading read(SplicedRequest.Body source, OpenAiFormat format) {
        return RequestMembers.read(
                format.shared().json(), source.bytes(), cursor -> new EmbeddingRequestReader(source, format, cursor));
    }

    @Override
    public void members() throws IOException {
        members.read(this);
        members.require("model", "input");
    }

    /** Servers may put prefixes and instructions of the client's before each text. */
    @Override
    public void other(String name) throws IOException {
        long length = cursor.skip();
        otherBytes += INPUTLESS.contains(name) ? 0 : length;
    }

    @Override
    public void known(String name) throws IOException {
        switch (name) {
            case "model" -> model.read(cursor, members);
            case "input" -> input.read(name);
            case "user" -> user = members.text(name, SplicedRequest.USER_LENGTH_MAX);
            default -> members.refuseFlag(name, "Embeddings are never streamed.");
        }
    }

    @Override
    public ProviderRequest request() {
        long around = (TOKENS_PER_TEXT + otherBytes) * input.count();
        var facts = new RequestFacts(
                model.name(),
                Streaming.OFF,
                new InputBound(input.bytes(), 0, input.tokens() + around, 0),
                OutputBound.NONE,
                EnumSet.of(Component.INPUT),
                Tiers.possible(Optional.of("default")),
                Set.of(),
                Fees.NONE,
                user,
                false);
        return new SplicedRequest(source.renamedBy(model.renaming()), facts, Splices.NONE, format);
    }
}
