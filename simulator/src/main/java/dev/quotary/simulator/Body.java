package dev.quotary.simulator;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Collects a request's body as long as it fits; what comes beyond is read and dropped, so that the client can read its refusal. */
final class Body {
    private final int bytesMax;
    private final Runnable whenTooLarge;
    private final Buffer bytes = Buffer.buffer();
    private boolean tooLarge;

    private Body(int bytesMax, Runnable whenTooLarge) {
        this.bytesMax = bytesMax;
        this.whenTooLarge = whenTooLarge;
    }

    /** Calls exactly one of the two, or neither if the client goes before its body is complete. */
    static void collect(HttpServerRequest request, int bytesMax, Handler<Buffer> whenComplete, Runnable whenTooLarge) {
        var body = new Body(bytesMax, whenTooLarge);
        request.handler(body::add);
        request.endHandler(_ -> body.complete(whenComplete));
    }

    private void add(Buffer part) {
        if (tooLarge) {
            return;
        }
        if (part.length() > bytesMax - bytes.length()) {
            tooLarge = true;
            whenTooLarge.run();
        } else {
            bytes.appendBuffer(part);
        }
    }

    private void complete(Handler<Buffer> whenComplete) {
        if (!tooLarge) {
            whenComplete.handle(bytes);
        }
    }
}
