package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.Call.Reply;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A streamed answer as events whose type is a member: some that open it, one for each token, and some that close it. Each is made when it
 * is taken: a long answer is never in memory as a whole.
 *
 * @param json the answer in one object, for calls that are not streamed
 * @param pieces how many there are
 * @param error what is said in place of the rest, after so many pieces
 */
record Events(
        ObjectNode json,
        Stream<ObjectNode> opening,
        int pieces,
        IntFunction<ObjectNode> piece,
        Stream<ObjectNode> closing,
        IntFunction<ObjectNode> error)
        implements Reply {
    /** An answer that never comes in pieces. */
    static Events whole(ObjectNode whole) {
        return new Events(whole, Stream.of(), 0, _ -> whole, Stream.of(), _ -> whole);
    }

    @Override
    public String contentType() {
        return pieces == 0 ? "application/json" : "text/event-stream; charset=utf-8";
    }

    @Override
    public Buffer whole() {
        return Json.bytes(json);
    }

    @Override
    public Iterator<Buffer> complete() {
        return Stream.concat(begun(pieces), closing.map(Events::event)).iterator();
    }

    @Override
    public Iterator<Buffer> cutAfter(int count) {
        return begun(count).iterator();
    }

    @Override
    public Iterator<Buffer> errorAfter(int count) {
        int said = Math.min(pieces, count);
        return Stream.concat(begun(count), Stream.of(event(error.apply(said)))).iterator();
    }

    private Stream<Buffer> begun(int count) {
        var said = IntStream.range(0, Math.min(pieces, count)).mapToObj(piece).map(Events::event);
        return Stream.concat(opening.map(Events::event), said);
    }

    private static Buffer event(ObjectNode json) {
        var data = Buffer.buffer("data: ").appendBuffer(Json.bytes(json)).appendString("\n\n");
        return json.has("type")
                ? Buffer.buffer("event: " + json.get("type").asText() + "\n").appendBuffer(data)
                : data;
    }
}
