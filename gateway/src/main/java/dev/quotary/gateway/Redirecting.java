package dev.quotary.gateway;

import dev.quotary.gateway.upstream.Fallback;
import dev.quotary.gateway.upstream.Provider;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.provider.Operation;
import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.WireFormat;
import dev.quotary.usage.Reserved;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an admitted call one to another provider or model.
 *
 * <p>It is read anew as that provider reads it. Its hold becomes one for the other model on the limits that apply there, in one step and
 * under the same id; where they have no room, nothing changes and the call does not go there.
 */
record Redirecting(MeteredCall call, Fallback fallback) {
    private static final Logger LOG = LoggerFactory.getLogger(Redirecting.class);

    /** The call as it goes on. */
    record Redirected(MeteredCall call, Buffer body) {}

    private record Reading(Provider provider, WireFormat format, ProviderRequest parsed) {}

    /** @param then is told on the call's event loop; empty if the call may not, or cannot, go there */
    void redirect(Consumer<Optional<Redirected>> then) {
        var reading = read();
        if (reading.isEmpty()) {
            then.accept(Optional.empty());
        } else if (call.services().admitting().immediate()) {
            then.accept(admitted(reading.get()));
        } else {
            Thread.ofVirtual().name("redirect").start(() -> {
                var redirected = admitted(reading.get());
                call.context().runOnContext(_ -> then.accept(redirected));
            });
        }
    }

    private Optional<Reading> read() {
        var provider = call.services().providers().find(fallback.provider());
        var head = new ClientHead(call.request().method().name(), call.parsed().target(), call.request());
        if (provider.isEmpty()
                || !(provider.get().api().operation(head.method(), head.path())
                        instanceof Operation.Metered(WireFormat format))
                || !(format.readRequest(head, call.journey().clientBody())
                        instanceof RequestReading.Parsed(ProviderRequest same))) {
            return Optional.empty();
        }
        // The present one if none is named: the call may have gone to a cheaper model before.
        var model = fallback.model().orElse(call.parsed().facts().model());
        var reading = model.equals(same.facts().model()) ? new RequestReading.Parsed(same) : same.forModel(model);
        return reading instanceof RequestReading.Parsed(ProviderRequest parsed)
                ? Optional.of(new Reading(provider.get(), format, parsed))
                : Optional.empty();
    }

    private Optional<Redirected> admitted(Reading reading) {
        var provider = reading.provider();
        var parsed = reading.parsed();
        try {
            var outcome = call.services().admitting().redirect(call.hold(), provider.name(), parsed.facts());
            if (!(outcome.reserved() instanceof Reserved.Decided(var decision)) || decision.hold() == null) {
                return Optional.empty();
            }
            var body = Buffer.buffer(parsed.upstreamBody(outcome.outputCap()));
            return Optional.of(new Redirected(call.at(provider, reading.format(), parsed, decision), body));
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("a call did not fall back, as the store did not answer");
            return Optional.empty();
        } catch (RuntimeException | Error e) {
            // The top of the job: the call goes on where it is, or would wait for ever.
            LOG.atError().setCause(e).log("a call did not fall back");
            return Optional.empty();
        }
    }
}
