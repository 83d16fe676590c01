package dev.quotary.simulator;

import dev.quotary.simulator.Stamps.Stamp;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Iterator;

/** A call of one kind that was read: what can be answered to it, as a directive says. */
interface Call {
    /** The model that was asked for. */
    String model();

    /** Where its directive may stand. */
    Prompt prompt();

    /** Whether the answer comes in pieces. */
    boolean streamed();

    /** @throws InvalidRequestException if the directive does not fit the request */
    Reply reply(Directive directive, Stamp stamp, Instant now);

    /** Reads calls of one kind. */
    interface Reader {
        /** @throws InvalidRequestException naming the first member that is missing or wrong */
        Call read(Buffer body);
    }

    /** One answer, whole or in pieces. */
    interface Reply {
        String contentType();

        /** Of a call that is not streamed. */
        Buffer whole();

        /** All pieces of a streamed answer. */
        Iterator<Buffer> complete();

        /** The pieces up to the given number of those with text, as if the provider died then. */
        Iterator<Buffer> cutAfter(int pieces);

        /** Like {@link #cutAfter}, but the provider says what happened. */
        Iterator<Buffer> errorAfter(int pieces);
    }
}
