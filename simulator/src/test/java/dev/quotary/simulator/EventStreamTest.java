package dev.quotary.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private final Narrow out = new Narrow();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final List<Duration> pauses = new ArrayList<>();
    private boolean finished;

    @Test
    void writes_no_more_than_the_client_takes() {
        // Given
        out.room = 2;

        // When
        send(Duration.ZERO, "a", "b", "c", "d", "e");

        // Then
        assertThat(out.written).containsExactly("a", "b");
    }

    @Test
    void goes_on_where_it_stopped_when_there_is_room_again() {
        // Given
        out.room = 2;
        send(Duration.ZERO, "a", "b", "c", "d", "e");

        // When
        out.drain(3);

        // Then
        assertThat(out.written).containsExactly("a", "b", "c", "d", "e");
    }

    @Test
    void lets_other_calls_have_their_turn_in_a_long_answer() {
        // When
        send(Duration.ZERO, "x".repeat(EventStream.TURN_EVENTS_MAX + 1).split("", -1));

        // Then
        assertThat(out.written).hasSize(EventStream.TURN_EVENTS_MAX);
        assertThat(pauses).containsExactly(Duration.ZERO);
    }

    @Test
    void pauses_between_events_and_not_after_the_last() {
        // Given
        send(Duration.ofMillis(10), "a", "b", "c");

        // When
        later.remove().run();
        later.remove().run();

        // Then
        assertThat(out.written).containsExactly("a", "b", "c");
        assertThat(pauses).containsExactly(Duration.ofMillis(10), Duration.ofMillis(10));
        assertThat(later).isEmpty();
    }

    @Test
    void a_queue_that_empties_during_a_pause_does_not_end_the_pause() {
        // Given
        send(Duration.ofMillis(10), "a", "b");

        // When
        out.drain(5);

        // Then
        assertThat(out.written).containsExactly("a");
    }

    @Test
    void a_pause_that_ends_before_there_is_room_waits_for_room() {
        // Given
        out.room = 1;
        send(Duration.ofMillis(10), "a", "b");

        // When
        later.remove().run();

        // Then
        assertThat(out.written).containsExactly("a");
        out.drain(1);
        assertThat(out.written).containsExactly("a", "b");
    }

    @Test
    void is_finished_only_when_the_last_event_has_left() {
        // Given
        send(Duration.ZERO, "a", "b");
        assertThat(finished).isFalse();

        // When
        out.flush();

        // Then
        assertThat(finished).isTrue();
    }

    private void send(Duration pause, String... events) {
        Iterator<Buffer> buffers = Stream.of(events).map(Buffer::buffer).iterator();
        new EventStream(out, pause, (delay, step) -> {
                    pauses.add(delay);
                    later.add(step);
                })
                .send(buffers, () -> finished = true);
    }

    /** A connection with room for a given number of events, whose bytes leave when the test says so. */
    private static final class Narrow implements WriteStream<Buffer> {
        private final List<String> written = new ArrayList<>();
        private final List<Promise<Void>> unsent = new ArrayList<>();
        private int room = Integer.MAX_VALUE;
        private @Nullable Handler<Void> drained;

        void drain(int newRoom) {
            room = newRoom;
            if (drained != null) {
                drained.handle(null);
            }
        }

        void flush() {
            unsent.forEach(Promise::tryComplete);
        }

        @Override
        public Future<Void> write(Buffer data) {
            room--;
            written.add(data.toString());
            Promise<Void> promise = Promise.promise();
            unsent.add(promise);
            return promise.future();
        }

        @Override
        public boolean writeQueueFull() {
            return room <= 0;
        }

        @Override
        public WriteStream<Buffer> drainHandler(@Nullable Handler<Void> handler) {
            drained = handler;
            return this;
        }

        @Override
        public Future<Void> end() {
            return Future.succeededFuture();
        }

        @Override
        public WriteStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> handler) {
            return this;
        }

        @Override
        public WriteStream<Buffer> setWriteQueueMaxSize(int maxSize) {
            return this;
        }
    }
}
