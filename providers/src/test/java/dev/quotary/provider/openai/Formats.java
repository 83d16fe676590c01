package dev.quotary.provider.openai;

import dev.quotary.provider.Operation;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.WireFormat;
import dev.quotary.provider.openai.api.OpenAiApi;
import dev.quotary.provider.text.Tokenizers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/** The formats of the whole API, asked by path as the gateway asks. */
final class Formats {
    static final Tokenizers TOKENIZERS = new Tokenizers();

    private Formats() {}

    static OpenAiApi api(ChatDialect dialect) {
        return new OpenAiApi(dialect, TOKENIZERS);
    }

    /** A format of its own, which has remembered nothing yet. */
    static WireFormat of(ChatDialect dialect, String path) {
        return switch (api(dialect).operation("POST", path)) {
            case Operation.Metered(var format) -> format;
            case Operation.Free _, Operation.WrongMethod _, Operation.Unmeterable _ ->
                throw new AssertionError(path + " is not metered");
        };
    }

    static WireFormat of(String path) {
        return of(ChatDialect.OPENAI, path);
    }

    static RequestReading read(WireFormat format, String body) {
        return format.readRequest(RequestHead.post("/v1/any"), body.getBytes(StandardCharsets.UTF_8));
    }

    static ProviderRequest parsed(WireFormat format, String body) {
        return parsed(read(format, body));
    }

    static ProviderRequest parsed(RequestReading reading) {
        return switch (reading) {
            case Parsed(ProviderRequest request) -> request;
            case Rejected rejected -> throw new AssertionError(rejected);
        };
    }

    /** Why a request is refused. */
    static Rejected rejected(WireFormat format, String body) {
        return switch (read(format, body)) {
            case Rejected rejected -> rejected;
            case Parsed _ -> throw new AssertionError("not refused: " + body);
        };
    }

    static String upstream(ProviderRequest request, OptionalLong cap) {
        return new String(request.upstreamBody(cap), StandardCharsets.UTF_8);
    }

    /** The head of a form. */
    static RequestHead form(String contentType) {
        return new RequestHead() {
            @Override
            public String method() {
                return "POST";
            }

            @Override
            public String target() {
                return "/v1/any";
            }

            @Override
            public Optional<String> header(String name) {
                return name.equals("content-type") ? Optional.of(contentType) : Optional.empty();
            }
        };
    }

    static StreamRelay relay(WireFormat format, String body) {
        return parsed(format, body).relay();
    }
}
