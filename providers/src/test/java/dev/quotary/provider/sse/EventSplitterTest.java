package dev.quotary.provider.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventSplitterTest {
    private static final int LARGE = 1 << 20;

    private static final class Pieces implements EventSplitter.Sink {
        private final List<String> events = new ArrayList<>();
        private final StringBuilder oversized = new StringBuilder();
        private int oversizedEvents;

        @Override
        public void event(byte[] bytes, int from, int to) {
            events.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }

        @Override
        public void oversized(byte[] bytes, int from, int to, boolean last) {
            oversized.append(new String(bytes, from, to - from, StandardCharsets.UTF_8));
            oversizedEvents += last ? 1 : 0;
        }
    }

    @Test
    void events_comments_and_blank_lines_come_whole_at_every_split() {
        // Given
        List<String> expected = List.of(
                ": connected\n",
                "data: 1\n\n",
                "\n",
                "event: x\r\ndata: 2\r\n: inside\r\n\r\n",
                ": a\r\n",
                ":\n",
                "id: 7\ndata: 3\ndata: 4\n\n",
                "data: unfinished\n");
        byte[] stream = String.join("", expected).getBytes(StandardCharsets.UTF_8);
        for (int first = 0; first <= stream.length; first++) {
            for (int second = first; second <= stream.length; second++) {
                var pieces = new Pieces();
                var splitter = new EventSplitter(pieces, LARGE);

                // When
                splitter.feed(stream, 0, first);
                splitter.feed(stream, first, second - first);
                splitter.feed(stream, second, stream.length - second);
                splitter.finish();

                // Then
                assertThat(pieces.events).as("cuts at %s and %s", first, second).isEqualTo(expected);
            }
        }
    }

    @Test
    void event_comes_with_its_last_byte_and_a_comment_at_once() {
        // Given
        var pieces = new Pieces();
        var splitter = new EventSplitter(pieces, LARGE);
        byte[] stream = ": ping\ndata: 1\n\n".getBytes(StandardCharsets.UTF_8);

        // When
        splitter.feed(stream, 0, stream.length - 1);
        int early = pieces.events.size();
        splitter.feed(stream, stream.length - 1, 1);

        // Then
        assertThat(early).isEqualTo(1);
        assertThat(pieces.events).containsExactly(": ping\n", "data: 1\n\n");
    }

    @Test
    void event_beyond_the_maximum_is_let_go_in_parts_and_the_next_one_comes_whole() {
        // Given
        String large = "data: " + "x".repeat(40) + "\n\n";
        String next = "data: 2\n\n";
        byte[] stream = (large + next).getBytes(StandardCharsets.UTF_8);
        var pieces = new Pieces();
        var splitter = new EventSplitter(pieces, 16);

        // When
        for (int i = 0; i < stream.length; i++) {
            splitter.feed(stream, i, 1);
        }
        splitter.finish();

        // Then
        assertThat(pieces.oversized.toString()).isEqualTo(large);
        assertThat(pieces.oversizedEvents).isEqualTo(1);
        assertThat(pieces.events).containsExactly(next);
    }

    @Test
    void event_beyond_the_maximum_that_never_ends_is_told_once() {
        // Given
        byte[] stream = ("data: " + "x".repeat(40)).getBytes(StandardCharsets.UTF_8);
        var pieces = new Pieces();
        var splitter = new EventSplitter(pieces, 16);

        // When
        splitter.feed(stream, 0, stream.length);
        splitter.finish();

        // Then
        assertThat(pieces.oversized).hasSize(stream.length);
        assertThat(pieces.oversizedEvents).isEqualTo(1);
        assertThat(pieces.events).isEmpty();
    }
}
