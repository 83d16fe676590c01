package dev.quotary.gateway;

import dev.quotary.gateway.upstream.Lane;
import dev.quotary.gateway.upstream.Slots;
import dev.quotary.http.Answers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a call gets to its provider: what it occupies there, and what its event tells of the way. For one event loop. */
final class Journey {
    /** Of calls that are sent once, on the only way there is: nothing is kept. */
    static final Journey DIRECT = new Journey(new byte[0]);

    private final byte[] clientBody;
    private final List<Lane> tried = new ArrayList<>(1);
    private @Nullable Lane lane;
    private @Nullable Slots slots;
    private @Nullable Left left;
    private int attempts;
    private long waitedMillis;
    private boolean closed;

    /** Where the call was meant to go, and why it does not. */
    private record Left(String provider, String model, String why) {}

    /** @param clientBody as the client sent it, for another provider to be asked with */
    Journey(byte[] clientBody) {
        this.clientBody = clientBody;
    }

    /** Whether nothing is kept, so that there is one attempt only. */
    boolean direct() {
        return this == DIRECT;
    }

    byte[] clientBody() {
        return clientBody;
    }

    /** Takes a way; the one before was ended. */
    void enters(Lane next) {
        lane = next;
        tried.add(next);
        attempts++;
    }

    /** All ways that were taken to the present provider. */
    List<Lane> tried() {
        return tried;
    }

    /**
     * Owns a slot, alone, and gives it back once: when it leaves its provider, or is over. A slot that comes too late goes back at once.
     *
     * @return false if the call has ended meanwhile
     */
    boolean has(Slots taken) {
        if (closed) {
            taken.giveBack();
            return false;
        }
        if (slots != null) {
            taken.giveBack();
            throw new IllegalStateException("a call was given a second slot");
        }
        slots = taken;
        return true;
    }

    /** Whether the call has ended: nothing is sent any more. */
    boolean closed() {
        return closed;
    }

    void waited(long millis) {
        waitedMillis = millis;
    }

    /** How long it waited for its provider to have room. */
    long waitedMillis() {
        return waitedMillis;
    }

    /** Ends the way that is taken, if any; harmless to repeat. */
    void ends() {
        var ending = lane;
        if (ending != null) {
            lane = null;
            ending.ended();
        }
    }

    /** Goes on to another provider or model. */
    void leaves(MeteredCall call, String why) {
        givesBack();
        tried.clear();
        if (left == null) {
            left = new Left(call.provider().name(), call.parsed().facts().model(), why);
        }
    }

    /** The call has ended, and occupies nothing any more; harmless to repeat. */
    void over() {
        if (!direct()) {
            closed = true;
            givesBack();
        }
    }

    private void givesBack() {
        ends();
        var taken = slots;
        if (taken != null) {
            slots = null;
            taken.giveBack();
        }
    }

    /** A client's metadata with what happened on the way, if it is worth telling. */
    String told(String metadata) {
        if (attempts <= 1 && left == null) {
            return metadata;
        }
        byte[] own = Answers.bytes(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart(Attribution.OURS);
            json.writeNumberField("attempts", attempts);
            if (left != null) {
                json.writeStringField("fallback_from", left.provider() + "/" + left.model());
                json.writeStringField("fallback_why", left.why());
            }
            json.writeEndObject();
            json.writeEndObject();
        });
        var ours = new String(own, StandardCharsets.UTF_8);
        return metadata.length() <= 2 ? ours : ours.substring(0, ours.length() - 1) + "," + metadata.substring(1);
    }
}
