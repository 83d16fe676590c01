package dev.quotary.provider.anthropic;

import dev.quotary.provider.Slice;
import dev.quotary.provider.StreamRelay;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Feeds a stream to a relay in pieces, as a network does. */
final class Splits {
    private Splits() {}

    /** What the client had got when the stream ended, and what was kept apart. */
    record Received(String now, String tail) {
        String all() {
            return now + tail;
        }
    }

    static Received whole(StreamRelay relay, byte[] stream) {
        return at(relay, stream, List.of());
    }

    /** The stream cut at these places, in ascending order; each piece lies in an array of its own, which changes afterwards. */
    static Received at(StreamRelay relay, byte[] stream, List<Integer> cuts) {
        var out = new ByteArrayOutputStream();
        int from = 0;
        for (int i = 0; i <= cuts.size(); i++) {
            int to = i < cuts.size() ? cuts.get(i) : stream.length;
            byte[] piece = new byte[to - from + 4];
            System.arraycopy(stream, from, piece, 3, to - from);
            out.writeBytes(relay.feed(piece, 3, to - from).toByteArray());
            Arrays.fill(piece, (byte) '#');
            from = to;
        }
        out.writeBytes(relay.finish().toByteArray());
        return new Received(out.toString(StandardCharsets.UTF_8), text(relay.tail()));
    }

    static List<Integer> random(RandomGenerator random, int length) {
        return random.ints(random.nextInt(12), 0, length + 1).sorted().boxed().toList();
    }

    private static String text(Slice slice) {
        return new String(slice.toByteArray(), StandardCharsets.UTF_8);
    }
}
