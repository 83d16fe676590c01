package dev.quotary.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class IdsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123Z");

    @Test
    void ids_have_the_form_of_uuid_version_7() {
        // Given
        var ids = new Ids(() -> NOON, random());
        // When
        var id = ids.next();
        // Then
        assertThat(id.high() >>> 16).isEqualTo(NOON.toEpochMilli());
        assertThat(id.high() >>> 12 & 0xf).isEqualTo(7);
        assertThat(id.low() >>> 62).isEqualTo(0b10);
        assertThat(id.toString()).hasSize(36).startsWith("rsv_019b79");
    }

    @Test
    void each_id_is_greater_though_the_clock_stands_or_goes_back() {
        // Given
        var clock = new AtomicReference<>(NOON);
        var ids = new Ids(clock::get, random());
        var texts = new ArrayList<String>();
        // When: more within one millisecond than its 12 bits can count, then back by an hour, then on.
        for (int i = 0; i < 10_000; i++) {
            texts.add(ids.next().toString());
        }
        clock.set(NOON.minusSeconds(3_600));
        texts.add(ids.next().toString());
        clock.set(NOON.plusSeconds(3_600));
        texts.add(ids.next().toString());
        // Then
        assertThat(texts).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void threads_never_get_the_same_id_and_each_sees_its_own_grow() throws Exception {
        // Given: no randomness, so that only the counter tells ids apart.
        var ids = new Ids(() -> NOON, () -> 0);
        // When
        var running = new ArrayList<Future<List<ReservationId>>>();
        try (var threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (int i = 0; i < 4; i++) {
                running.add(threads.submit(() -> many(ids)));
            }
        }
        // Then
        var all = new HashSet<ReservationId>();
        for (var each : running) {
            assertThat(each.get()).extracting(ReservationId::high).isSorted();
            all.addAll(each.get());
        }
        assertThat(all).hasSize(4 * 20_000);
    }

    private static List<ReservationId> many(Ids ids) {
        var many = new ArrayList<ReservationId>();
        for (int i = 0; i < 20_000; i++) {
            many.add(ids.next());
        }
        return many;
    }

    private static RandomGenerator random() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    }
}
