package dev.quotary.provider.openai;

import dev.quotary.provider.Slice;
import dev.quotary.provider.StreamRelay;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Feeds a stream to a relay in pieces, as a network does. */
final class Splits {
    private Splits() {}

    /** What the client had got when the stream ended, and what was kept apart. */
    record Received(String now, String tail) {
        String all() {
            return now + tail;
        }
    }

    /** Feeds the stream cut at these places, in ascending order; each piece lies in an array of its own, with other bytes around it. */
    static Received feed(StreamRelay relay, byte[] stream, List<Integer> cuts) {
        var out = new ByteArrayOutputStream();
        int from = 0;
        for (int cut : IntStream.concat(cuts.stream().mapToInt(i -> i), IntStream.of(stream.length))
                .toArray()) {
            byte[] piece = new byte[cut - from + 5];
            System.arraycopy(stream, from, piece, 2, cut - from);
            write(relay.feed(piece, 2, cut - from), out);
            Arrays.fill(piece, (byte) '#');
            from = cut;
        }
        write(relay.finish(), out);
        return new Received(out.toString(StandardCharsets.UTF_8), text(relay.tail()));
    }

    static Received feed(StreamRelay relay, String stream) {
        return feed(relay, stream.getBytes(StandardCharsets.UTF_8), List.of());
    }

    static List<Integer> randomCuts(RandomGenerator random, int length) {
        return random.ints(random.nextInt(12), 0, length + 1).sorted().boxed().toList();
    }

    static String text(Slice slice) {
        return new String(slice.toByteArray(), StandardCharsets.UTF_8);
    }

    private static void write(Slice slice, ByteArrayOutputStream out) {
        out.writeBytes(slice.toByteArray());
    }
}
