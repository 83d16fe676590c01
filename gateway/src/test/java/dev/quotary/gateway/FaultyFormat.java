package dev.quotary.gateway;

import dev.quotary.provider.AnswerFacts;
import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.Operation;
import dev.quotary.provider.OutputText;
import dev.quotary.provider.ProviderApi;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RefusalMessage;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.Slice;
import dev.quotary.provider.StreamFacts;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageEstimator;
import dev.quotary.provider.WireFormat;
import java.util.Optional;
import java.util.OptionalLong;

/** A format that works, but for one thing that it is told to fail at. */
final class FaultyFormat implements WireFormat {
    private final WireFormat format;
    private volatile Fault fault = Fault.NONE;

    FaultyFormat(WireFormat format) {
        this.format = format;
    }

    void failsAt(Fault next) {
        fault = next;
    }

    private void at(Fault here) {
        if (fault == here) {
            throw new IllegalStateException("a bug at " + here);
        }
    }

    /** An API that speaks nothing else. */
    ProviderApi api() {
        return new ProviderApi() {
            @Override
            public Operation operation(String method, String path) {
                return new Operation.Metered(FaultyFormat.this);
            }

            @Override
            public ErrorShape errors() {
                return format.errors();
            }

            @Override
            public KeyHeader keyHeader(String key) {
                return KeyHeader.bearer(key);
            }

            @Override
            public Optional<AnswerFacts> readAnswer(byte[] body) {
                return Optional.empty();
            }
        };
    }

    @Override
    public String id() {
        return format.id();
    }

    @Override
    public RequestReading readRequest(RequestHead head, byte[] body) {
        return format.readRequest(head, body) instanceof RequestReading.Parsed(var request)
                ? new RequestReading.Parsed(new Request(request))
                : RequestReading.Rejected.of("not expected");
    }

    @Override
    public AnswerFacts readAnswer(byte[] body) {
        at(Fault.ANSWER);
        return format.readAnswer(body);
    }

    @Override
    public OutputText readText(byte[] body) {
        at(Fault.ANSWER_TEXT);
        return format.readText(body);
    }

    @Override
    public Optional<ProviderError> readError(byte[] body) {
        return format.readError(body);
    }

    @Override
    public ErrorShape errors() {
        return format.errors();
    }

    private final class Request implements ProviderRequest {
        private final ProviderRequest request;

        Request(ProviderRequest request) {
            this.request = request;
        }

        @Override
        public RequestFacts facts() {
            return request.facts();
        }

        @Override
        public String target() {
            return request.target();
        }

        @Override
        public byte[] upstreamBody(OptionalLong outputTokensMax) {
            at(Fault.WRITING);
            return request.upstreamBody(outputTokensMax);
        }

        @Override
        public StreamRelay relay() {
            at(Fault.RELAY);
            return new Relay(request.relay());
        }

        @Override
        public RequestReading forModel(String model) {
            return request.forModel(model);
        }

        @Override
        public Optional<InputBound> countedInput() {
            return request.countedInput();
        }

        @Override
        public UsageEstimator estimator() {
            at(Fault.ESTIMATE);
            return request.estimator();
        }
    }

    private final class Relay implements StreamRelay {
        private final StreamRelay relay;

        Relay(StreamRelay relay) {
            this.relay = relay;
        }

        @Override
        public Slice feed(byte[] bytes, int offset, int length) {
            at(Fault.FEED);
            return relay.feed(bytes, offset, length);
        }

        @Override
        public Slice finish() {
            at(Fault.FINISH);
            return relay.finish();
        }

        @Override
        public byte[] ending(RefusalMessage message) {
            at(Fault.ENDING);
            return relay.ending(message);
        }

        @Override
        public Slice tail() {
            at(Fault.TAIL);
            return relay.tail();
        }

        @Override
        public StreamFacts facts() {
            at(Fault.FACTS);
            return relay.facts();
        }

        @Override
        public long textBytes() {
            return relay.textBytes();
        }

        @Override
        public OutputText text() {
            at(Fault.TEXT);
            return relay.text();
        }
    }
}
