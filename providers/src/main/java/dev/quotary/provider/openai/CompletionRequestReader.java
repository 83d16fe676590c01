package dev.quotary.provider.openai;

import dev.quotary.price.Component;
import dev.quotary.price.Fees;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.json.RequestCursor;
import dev.quotary.provider.json.RequestMembers;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads one request for a legacy completion in a single pass, without building a tree. */
final class CompletionRequestReader implements RequestMembers.Reader, RequestMembers.Values {
    /** What OpenAI writes at most where the client names no maximum. */
    static final long DEFAULT_TOKENS_MAX = 16;

    /** The only name that the cap has in this format. */
    private static final String CAP = OutputCap.MAX_TOKENS.member();

    private static final NavigableSet<String> READ = RequestMembers.names(
            "model", "models", "prompt", "stream", "stream_options", CAP, "n", "best_of", "service_tier", "user");

    /** Members that no server shows to the model; every other one, such as {@code suffix}, counts as text. */
    private static final Set<String> PROMPTLESS = Set.of(
            "echo",
            "frequency_penalty",
            "logit_bias",
            "logprobs",
            "metadata",
            "presence_penalty",
            "seed",
            "stop",
            "temperature",
            "top_p");

    private final SplicedRequest.Body source;
    private final OpenAiCompletions format;
    private final RequestCursor cursor;
    private final RequestMembers members;
    private final TextInput prompt;
    private final StreamOptions streamOptions;
    private final ModelMember model = new ModelMember();
    private final CapMember cap = new CapMember(CAP);

    private long otherBytes;
    private boolean stream;
    private int choices = 1;
    private Optional<String> tier = Optional.empty();
    private Optional<String> user = Optional.empty();

    private CompletionRequestReader(SplicedRequest.Body source, OpenAiCompletions format, RequestCursor cursor) {
        this.source = source;
        this.format = format;
        this.cursor = cursor;
        this.members = new RequestMembers(cursor, source.bytes(), READ);
        this.prompt = new TextInput(cursor);
        this.streamOptions = new StreamOptions(cursor);
    }

    static RequestReading read(SplicedRequest.Body source, OpenAiCompletions format) {
        return RequestMembers.read(
                format.shared().json(), source.bytes(), cursor -> new CompletionRequestReader(source, format, cursor));
    }

    @Override
    public void members() throws IOException {
        members.read(this);
        members.require("model", "prompt");
    }

    @Override
    public void other(String name) throws IOException {
        long length = cursor.skip();
        otherBytes += PROMPTLESS.contains(name) ? 0 : length;
    }

    @Override
    public void known(String name) throws IOException {
        switch (name) {
            case "model" -> model.read(cursor, members);
            case "prompt" -> prompt.read(name);
            case "stream" -> stream = members.flag(name);
            case "stream_options" -> streamOptions.read();
            // The provider writes and bills the best of so many, and returns n of them.
            case "n", "best_of" ->
                choices = Math.max(choices, (int)
                        members.number(name, 1, ChatRequestReader.CHOICES_MAX).orElse(1));
            case "service_tier" -> tier = members.text(name, ModelMember.LENGTH_MAX);
            case "user" -> user = members.text(name, SplicedRequest.USER_LENGTH_MAX);
            case "models" -> ChatRequestReader.alternatives(cursor);
            default -> cap.read(name, cursor, members);
        }
    }

    @Override
    public ProviderRequest request() {
        var dialect = format.shared().dialect();
        long framing = dialect.bounds().perCall() + dialect.bounds().perMessage() * prompt.count();
        var facts = new RequestFacts(
                model.name(),
                streamOptions.streaming(stream),
                new InputBound(prompt.bytes() + otherBytes, 0, prompt.tokens() + framing, 0),
                new OutputBound(outputMax(), choices * prompt.count()),
                EnumSet.of(Component.INPUT, Component.CACHED_INPUT, Component.CACHE_WRITE_5M, Component.OUTPUT),
                Tiers.possible(tier),
                Set.of(),
                Fees.NONE,
                user,
                false);
        var splices = new Splices(
                streamOptions.asking(dialect.streamUsage(), stream, members.end()),
                outputMax().isEmpty() ? Optional.of(cap.place(members.end())) : Optional.empty(),
                List.of());
        return new SplicedRequest(source.renamedBy(model.renaming()), facts, splices, format);
    }

    /** Other servers than OpenAI's may write without end where no maximum is named. */
    private OptionalLong outputMax() {
        boolean defaults = cap.max().isEmpty() && format.shared().dialect().family() == ChatDialect.Family.OPENAI;
        return defaults ? OptionalLong.of(DEFAULT_TOKENS_MAX) : cap.max();
    }
}
