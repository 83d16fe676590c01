package dev.quotary.gateway;

import dev.quotary.gateway.ContentCoding.CodingException;
import dev.quotary.http.Bodies;
import dev.quotary.http.ErrorCode;
import dev.quotary.http.ProblemException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.Semaphore;

/** Decodes compressed bodies, a few at a time and away from the event loop. Bodies that are not compressed pass without a step. */
final class Decoding {
    /** Decoded bodies are up to 64 MiB large while they grow, twice. */
    private static final int TOGETHER_MAX = 4;

    private final Semaphore together = new Semaphore(TOGETHER_MAX, true);

    /** The whole body of a client's request, as its provider is to get it: uncompressed. */
    Future<Buffer> request(HttpServerRequest request, long bytesMax, Context context) {
        var header = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (header == null) {
            return Bodies.read(request, bytesMax);
        }
        var coding = ContentCoding.of(header);
        if (coding.isEmpty()) {
            request.resume();
            return Future.failedFuture(new ProblemException(
                    ErrorCode.INVALID_REQUEST,
                    "Send the body without Content-Encoding, or with gzip or deflate; '" + header + "' is not read."));
        }
        return Bodies.readAsSent(request, bytesMax)
                .compose(body -> decoded(coding.get(), body, bytesMax, context))
                .recover(failure ->
                        Future.failedFuture(failure instanceof CodingException coded ? told(coded) : failure));
    }

    private static ProblemException told(CodingException failure) {
        var code = failure.tooLarge() ? ErrorCode.BODY_TOO_LARGE : ErrorCode.INVALID_REQUEST;
        return new ProblemException(code, "The body cannot be taken: " + failure.getMessage() + ".");
    }

    /** Fails with a {@link CodingException}. */
    Future<Buffer> decoded(ContentCoding coding, Buffer body, long bytesMax, Context context) {
        if (coding == ContentCoding.IDENTITY) {
            return Future.succeededFuture(body);
        }
        Promise<Buffer> promise = Promise.promise();
        byte[] coded = body.getBytes();
        Thread.ofVirtual().name("decode").start(() -> {
            together.acquireUninterruptibly();
            try {
                var decoded = Buffer.buffer(coding.decode(coded, bytesMax));
                context.runOnContext(_ -> promise.complete(decoded));
            } catch (CodingException | RuntimeException | Error e) {
                context.runOnContext(_ -> promise.fail(e));
            } finally {
                together.release();
            }
        });
        return promise.future();
    }
}
