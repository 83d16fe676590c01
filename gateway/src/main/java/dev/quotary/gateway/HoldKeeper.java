package dev.quotary.gateway;

import dev.quotary.limit.Hold;
import dev.quotary.limit.StoreUnavailableException;
import dev.quotary.provider.StreamRelay;
import dev.quotary.provider.UsageReading;
import dev.quotary.usage.Reserved;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the hold of a running stream an upper bound. For one event loop.
 *
 * <p>A hold covers the longest answer that the request allows, so most streams never need more. But a server may ignore the cap it was
 * given, and a stream may outlast its hold: then more is held, in one step, or the stream has to end. What was written is known from the
 * running totals that some providers send; else from the bytes of the text, with a ratio that no text goes beyond, since a stream within
 * its bound must not be cut by a guess.
 */
final class HoldKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(HoldKeeper.class);

    /** More bytes than a token has on average in any text of a model, whatever its language; cheap to be wrong on this side. */
    private static final int BYTES_PER_TOKEN_MAX = 16;

    /** Bytes between two looks at the least. */
    private static final long LOOK_BYTES_MIN = 1024;

    /** What is held more each time: a quarter, and no less than this. */
    private static final long MORE_TOKENS_MIN = 256;

    private static final long MORE_SHARE = 4;

    private final MeteredCall call;
    private final StreamRelay relay;
    private final Consumer<Reserved> refused;
    private final Vertx vertx;
    private final long renewal;
    private Hold hold;
    private long nextLookBytes;
    private boolean asking;
    private boolean ended;

    /** @param refused told once, on the call's event loop, that the stream has to end */
    HoldKeeper(MeteredCall call, StreamRelay relay, Consumer<Reserved> refused) {
        this.call = call;
        this.relay = relay;
        this.refused = refused;
        this.hold = call.hold();
        this.vertx = call.context().owner();
        this.renewal = vertx.setPeriodic(Admitting.TTL.toMillis() / 2, _ -> ask(0));
        nextLookBytes = heldOutput();
    }

    /** Tells that text may have come. */
    void wrote() {
        if (relay.textBytes() >= nextLookBytes && !asking && !ended) {
            look(relay.textBytes());
        }
    }

    void end() {
        ended = true;
        vertx.cancelTimer(renewal);
    }

    private long heldOutput() {
        return hold.amounts().quantities().tokensOutput();
    }

    private void look(long bytes) {
        long written = Math.max(reported(), bytes / BYTES_PER_TOKEN_MAX);
        long room = heldOutput() - written;
        if (room >= 0) {
            // No text has more tokens than bytes, so the hold cannot be used up before so many more have come.
            nextLookBytes = bytes + Math.max(LOOK_BYTES_MIN, room);
        } else {
            ask(Math.max(-room, Math.max(MORE_TOKENS_MIN, heldOutput() / MORE_SHARE)));
        }
    }

    private long reported() {
        return switch (relay.facts().answer().usage()) {
            case UsageReading.Reported reported -> reported.tokens().totalOutput();
            case UsageReading.Partial partial -> partial.tokens().totalOutput();
            case UsageReading.Begun begun -> begun.tokens().totalOutput();
            case UsageReading.Missing _, UsageReading.Broken _ -> 0;
        };
    }

    /** On a thread that may wait for a store. The stream flows on meanwhile: it is ahead of its hold for a moment only. */
    private void ask(long moreTokens) {
        if (asking || ended) {
            return;
        }
        asking = true;
        var held = hold;
        Thread.ofVirtual().name("extend").start(() -> {
            var answer = extended(held, moreTokens);
            call.context().runOnContext(_ -> answered(answer));
        });
    }

    private @Nullable Reserved extended(Hold held, long moreTokens) {
        try {
            return call.services().admitting().extend(held, call.parsed().facts(), moreTokens);
        } catch (StoreUnavailableException e) {
            LOG.atWarn().setCause(e).log("the hold of a running stream was not extended; the stream goes on");
            return null;
        } catch (RuntimeException | Error e) {
            // The top of the job: it must answer, or nothing would ever be held for the stream again.
            LOG.atError().setCause(e).log("the hold of a running stream was not extended");
            return null;
        }
    }

    private void answered(@Nullable Reserved answer) {
        asking = false;
        if (ended) {
            return;
        }
        var larger = answer instanceof Reserved.Decided(var decision) ? decision.hold() : null;
        if (larger != null) {
            hold = larger;
            nextLookBytes = relay.textBytes();
        } else if (answer instanceof Reserved.Decided || answer instanceof Reserved.SubjectBlocked) {
            refused.accept(answer);
        } else {
            // The store is away, or the hold is gone: what is used is recorded in any case.
            nextLookBytes = relay.textBytes() + LOOK_BYTES_MIN;
        }
    }
}
