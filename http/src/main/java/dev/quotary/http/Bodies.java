package dev.quotary.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Reads request bodies whole, up to a bound. */
public final class Bodies {
    private Bodies() {}

    /**
     * The whole body. To be called in the turn of the event loop that the request came in.
     *
     * @param bytesMax a longer body fails the future with a problem of status 413; what else comes of it is thrown away
     */
    public static Future<Buffer> read(HttpServerRequest request, long bytesMax) {
        var encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            request.resume();
            return Future.failedFuture(new ProblemException(
                    ErrorCode.UNSUPPORTED_ENCODING,
                    "Send the body without Content-Encoding; '" + encoding + "' is not read."));
        }
        return readAsSent(request, bytesMax);
    }

    /** As {@link #read}, whatever its {@code Content-Encoding}: for those who decode it. */
    public static Future<Buffer> readAsSent(HttpServerRequest request, long bytesMax) {
        Promise<Buffer> promise = Promise.promise();
        var collector = new Collector(promise, bytesMax);
        request.handler(collector::add);
        request.exceptionHandler(promise::tryFail);
        request.endHandler(_ -> collector.end());
        return promise.future();
    }

    /** Collects pieces; a body of one piece is passed on without a copy. */
    private static final class Collector {
        private final Promise<Buffer> promise;
        private final long bytesMax;
        private Buffer whole = Buffer.buffer(0);
        private boolean tooLarge;

        Collector(Promise<Buffer> promise, long bytesMax) {
            this.promise = promise;
            this.bytesMax = bytesMax;
        }

        void add(Buffer piece) {
            if (tooLarge) {
                return;
            }
            if ((long) whole.length() + piece.length() > bytesMax) {
                tooLarge = true;
                whole = Buffer.buffer(0);
                promise.tryFail(new ProblemException(
                        ErrorCode.BODY_TOO_LARGE, "The body is larger than " + bytesMax + " bytes."));
            } else {
                whole = whole.length() == 0 ? piece : whole.appendBuffer(piece);
            }
        }

        void end() {
            promise.tryComplete(whole);
        }
    }
}
