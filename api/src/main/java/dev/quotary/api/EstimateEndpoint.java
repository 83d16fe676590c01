package dev.quotary.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.call.Dimensions;
import dev.quotary.catalog.Catalog;
import dev.quotary.http.Answers;
import dev.quotary.http.Fields;
import dev.quotary.http.Value;
import dev.quotary.money.Money;
import dev.quotary.price.ModelNames;
import dev.quotary.price.Modifier;
import dev.quotary.price.TokenUsage;
import dev.quotary.price.UsageBound;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.WireFormat;
import dev.quotary.usage.Engine;
import dev.quotary.usage.InputRatios;
import dev.quotary.usage.Use;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/** What a call would cost, before it is made. */
final class EstimateEndpoint {
    /**
     * Tokens are counted with OpenAI's own vocabulary for its models; for all others by what calls through the gateway have taught of the
     * model, and before there were enough, at four bytes a token.
     */
    private static final String COUNTED_PROVIDER = "openai";

    private static final int BYTES_PER_TOKEN = 4;
    private static final long OUTPUT_DEFAULT = 1000;
    /** Counting is all computing: more at a time than there are cores only makes each of them slower. */
    private static final int COUNTING_MAX = 4;

    /** What may make a call dearer that did not ask for it: a region is a setting of the account. */
    private static final Set<Modifier> NOT_ASKED_FOR = Set.of(Modifier.REGION_US, Modifier.REGION_EU);

    private final Catalog catalog;
    private final CallReader calls;
    private final Costing costing;
    private final WireFormat chat;
    private final InstantSource clock;
    private final InputRatios ratios;
    private final Semaphore counting = new Semaphore(COUNTING_MAX);

    EstimateEndpoint(Engine engine, CallReader calls, Costing costing, WireFormat chat) {
        this.catalog = engine.catalog();
        this.ratios = engine.ratios();
        this.calls = calls;
        this.costing = costing;
        this.chat = chat;
        this.clock = engine.clock();
    }

    /** The likely tokens and the most there can be. */
    private record Tokens(TokenUsage likely, long inputMax, long outputMax) {}

    Reply estimate(Exchange exchange) {
        var body = exchange.json();
        var fields = body.fields();
        var organization =
                calls.organization(exchange, fields.find("organization").orElse(null));
        var provider = fields.need("provider").string();
        var model = fields.need("model").string();
        var dimensions = body.checked(() -> new Dimensions(provider, model, null, null, null, Map.of()));
        var tokens = tokens(body, fields, dimensions);
        fields.done();
        var now = clock.instant();
        var asked = new Costing.Model(organization, dimensions, now);
        var receipt = costing.priced(asked, Use.of(tokens.likely()), null).receipt();
        var bound = UsageBound.of(tokens.inputMax(), tokens.outputMax()).modifiedBy(NOT_ASKED_FOR);
        var most = costing.tariff().costMax(organization, ModelNames.requested(provider, model), bound, now);
        return Reply.json(Reply.OK, json -> {
            json.writeStartObject();
            json.writeStringField("provider", provider);
            json.writeStringField("model", model);
            tokens(json, tokens.likely().totalInput(), tokens.likely().totalOutput());
            cost(json, receipt.map(priced -> priced.total()));
            json.writeObjectFieldStart("upper_bound");
            tokens(json, tokens.inputMax(), tokens.outputMax());
            cost(json, most);
            json.writeEndObject();
            json.writeFieldName("receipt");
            if (receipt.isPresent()) {
                AmountJson.receipt(json, receipt.get());
            } else {
                json.writeNull();
            }
            json.writeEndObject();
        });
    }

    private Tokens tokens(Value body, Fields fields, Dimensions dimensions) {
        var messages = fields.find("messages");
        var text = fields.find("text");
        var named = NamedAmounts.read(fields, catalog.declarations());
        long output = fields.find("max_output_tokens")
                .map(value -> value.integer(0, TokenUsage.TOKENS_MAX))
                .orElse(OUTPUT_DEFAULT);
        int ways = (messages.isPresent() ? 1 : 0) + (text.isPresent() ? 1 : 0) + (fields.has("quantities") ? 1 : 0);
        if (ways != 1) {
            throw body.wrong("expected exactly one of 'messages', 'text' and 'quantities'");
        }
        if (named.cost().isPresent()) {
            throw fields.need("cost").wrong("expected no cost: it is what is asked for");
        }
        if (fields.has("quantities")) {
            var likely = Costing.tokens(named.whole(1, body));
            return new Tokens(likely, likely.totalInput(), likely.totalOutput());
        }
        var place = messages.or(() -> text).orElseThrow();
        var request = request(place, messages.isPresent(), String.valueOf(dimensions.model()));
        var bound = request.facts().input();
        long input = COUNTED_PROVIDER.equals(dimensions.provider()) ? counted(request) : guessed(dimensions, bound);
        return new Tokens(TokenUsage.of(input, output), Math.max(input, bound.tokensMax()), output);
    }

    private ProviderRequest request(Value place, boolean messages, String model) {
        byte[] chatRequest = Answers.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("model", model);
            json.writeFieldName("messages");
            if (messages) {
                json.writeRawValue(place.json());
            } else {
                json.writeStartArray();
                json.writeStartObject();
                json.writeStringField("role", "user");
                json.writeStringField("content", place.string());
                json.writeEndObject();
                json.writeEndArray();
            }
            json.writeEndObject();
        });
        return switch (chat.readRequest(RequestHead.post("/v1/chat/completions"), chatRequest)) {
            case RequestReading.Parsed parsed -> parsed.request();
            case RequestReading.Rejected rejected ->
                throw place.wrong("expected messages of a chat completion: " + rejected.message());
        };
    }

    private long counted(ProviderRequest request) {
        counting.acquireUninterruptibly();
        try {
            return request.estimator().estimate(OutputText.NONE).tokens().totalInput();
        } finally {
            counting.release();
        }
    }

    private long guessed(Dimensions dimensions, InputBound bound) {
        var provider = String.valueOf(dimensions.provider());
        var model = String.valueOf(dimensions.model());
        long text = ratios.likely(provider, model, bound.textBytes())
                .orElse(Math.ceilDiv(bound.textBytes(), BYTES_PER_TOKEN));
        return bound.mediaTokens() + bound.framingTokens() + text;
    }

    private static void tokens(JsonGenerator json, long input, long output) throws IOException {
        json.writeObjectFieldStart("tokens");
        json.writeNumberField("input", input);
        json.writeNumberField("output", output);
        json.writeEndObject();
    }

    private static void cost(JsonGenerator json, Optional<Money> cost) throws IOException {
        EventJson.text(json, "cost", cost.map(Money::toString).orElse(null));
    }
}
