package dev.quotary.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.quotary.limit.StoreUnavailableException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes JSON answers and turns failures into problems. */
public final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence PROBLEM = HttpHeaders.createOptimized(Problem.CONTENT_TYPE);

    private Answers() {}

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    /** The bytes of a JSON value. */
    public static byte[] bytes(Writer writer) {
        return buffer(writer).getBytes();
    }

    private static Buffer buffer(Writer writer) {
        var out = new BufferStream();
        try (var json = Documents.JSON.createGenerator(out)) {
            writer.write(json);
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return out.buffer;
    }

    /** Takes what a generator has gathered, mostly all of it in one piece, without another copy. */
    private static final class BufferStream extends OutputStream {
        private Buffer buffer = Buffer.buffer(0);

        @Override
        public void write(int octet) {
            buffer.appendByte((byte) octet);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (buffer.length() == 0) {
                buffer = Buffer.buffer(length);
            }
            buffer.appendBytes(bytes, offset, length);
        }
    }

    public static void json(HttpServerResponse response, int status, Writer writer) {
        send(response, status, JSON, buffer(writer));
    }

    /** Writes JSON that is put together already. */
    public static void json(HttpServerResponse response, int status, AsciiText body) {
        send(response, status, JSON, body.toBuffer());
    }

    public static void problem(HttpServerResponse response, Problem problem) {
        send(response, problem.status(), PROBLEM, buffer(problem::write));
    }

    private static void send(HttpServerResponse response, int status, CharSequence type, Buffer body) {
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status);
        response.putHeader(HttpHeaders.CONTENT_TYPE, type);
        response.end(body);
    }

    /** The problem that a failure is told as. What we did not expect is logged, and told without its inside. */
    public static Problem problem(Throwable failure) {
        return switch (failure) {
            case CompletionException wrapped when wrapped.getCause() != null -> problem(wrapped.getCause());
            case ProblemException known -> known.problem();
            case InvalidInputException invalid -> Problem.of(invalid);
            case StoreUnavailableException store -> {
                LOG.atError().setCause(store).log("store unavailable");
                yield Problem.of(
                        ErrorCode.STORE_UNAVAILABLE,
                        "The store did not answer. Whether the step took effect is unknown; repeat it with the same id.");
            }
            default -> {
                LOG.atError().setCause(failure).log("request failed");
                yield Problem.of(ErrorCode.INTERNAL, "The server failed. The operator finds the reason in its log.");
            }
        };
    }
}
