package dev.quotary.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quotary.simulator.Call.Reply;
import dev.quotary.simulator.Stamps.Stamp;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** {@code POST /v1/audio/speech}: pieces of silence, as sound or as events. */
record SpeechCall(String model, Prompt prompt, boolean events) implements Call {
    private static final int PIECE_BYTES = 256;
    private static final int TOKENS_PER_CHARACTER = 1;

    static Call read(Buffer body) {
        var json = Json.object(body.getBytes());
        var model = Fields.text(json, "model").orElseThrow(() -> Fields.missing("model"));
        var input = Fields.text(json, "input").orElseThrow(() -> Fields.missing("input"));
        boolean events = Fields.text(json, "stream_format").orElse("audio").equals("sse");
        return new SpeechCall(model, new Prompt(List.of(input)), events);
    }

    @Override
    public boolean streamed() {
        return true;
    }

    @Override
    public Reply reply(Directive directive, Stamp stamp, Instant now) {
        int input = directive.counts().input().orElseGet(prompt::estimatedTokens);
        int output = directive
                .counts()
                .output()
                .orElse(TOKENS_PER_CHARACTER * prompt.messages().getFirst().length());
        if (!events && directive.ending() instanceof Ending.ErrorAfter) {
            throw DirectiveWords.bad(
                    "error_after", "expected it only where a stream has a form for errors, not in sound");
        }
        if (!events) {
            return new Sound(Math.max(1, output));
        }
        var done = Json.object().put("type", "speech.audio.done");
        if (directive.served().usage()) {
            done.putObject("usage")
                    .put("input_tokens", input)
                    .put("output_tokens", output)
                    .put("total_tokens", input + output);
        }
        return new Events(
                done,
                Stream.of(),
                Math.max(1, output),
                _ -> delta(),
                Stream.of(done),
                _ -> ProviderError.midStream().json());
    }

    private static ObjectNode delta() {
        return Json.object()
                .put("type", "speech.audio.delta")
                .put("audio", Base64.getEncoder().encodeToString(new byte[PIECE_BYTES]));
    }

    /** Sound that comes piece by piece. */
    private record Sound(int pieces) implements Reply {
        @Override
        public String contentType() {
            return "audio/mpeg";
        }

        @Override
        public Buffer whole() {
            return Buffer.buffer(new byte[PIECE_BYTES * pieces]);
        }

        @Override
        public Iterator<Buffer> complete() {
            return cutAfter(pieces);
        }

        @Override
        public Iterator<Buffer> cutAfter(int count) {
            return IntStream.range(0, Math.min(pieces, count))
                    .mapToObj(SpeechCall::piece)
                    .iterator();
        }

        @Override
        public Iterator<Buffer> errorAfter(int count) {
            throw new IllegalStateException("sound has no form for errors, which was to be refused");
        }
    }

    private static Buffer piece(int index) {
        byte[] piece = new byte[PIECE_BYTES];
        Arrays.fill(piece, (byte) index);
        return Buffer.buffer(piece);
    }
}
