package dev.quotary.provider.gemini;

import dev.quotary.provider.RequestHead;
import dev.quotary.provider.RequestReading.Rejected;
import java.util.Optional;

/**
 * The path, the query and the headers of a call, read.
 *
 * @param stream whether the answer comes as a stream
 * @param sse whether the stream comes as server-sent events, in place of one array
 */
record CallHead(RequestHead request, GeminiPath path, boolean stream, boolean sse) {
    /** What came of reading a head: one of the two. */
    record Reading(Optional<CallHead> head, Rejected rejected) {}

    private static final Rejected NO_MODEL = Rejected.of("The path names no model, or not plainly.");

    /** Vertex AI's wish for another service tier. */
    private static final String TIER = "x-vertex-ai-llm-shared-request-type";

    static Reading of(RequestHead request, boolean stream) {
        Optional<GeminiPath> path = GeminiPath.of(request.path());
        var query = GeminiQuery.of(request, stream);
        if (path.isEmpty() || query.rejected().isPresent()) {
            return new Reading(Optional.empty(), query.rejected().orElse(NO_MODEL));
        }
        return new Reading(Optional.of(new CallHead(request, path.get(), stream, query.sse())), NO_MODEL);
    }

    /** Path and query of the same call to another model. */
    String target(GeminiPath other) {
        String target = request.target();
        int query = target.indexOf('?');
        return other.text() + (query < 0 ? "" : target.substring(query));
    }

    /** Whether a header may have asked for a service tier. */
    boolean tierByHeader() {
        return request.header(TIER).isPresent();
    }

    /** The head of the same call to another model. */
    CallHead withModel(GeminiPath other) {
        return new CallHead(new Moved(request, target(other)), other, stream, sse);
    }

    /** A head whose target was replaced. */
    private record Moved(RequestHead original, String target) implements RequestHead {
        @Override
        public String method() {
            return original.method();
        }

        @Override
        public Optional<String> header(String name) {
            return original.header(name);
        }
    }
}
