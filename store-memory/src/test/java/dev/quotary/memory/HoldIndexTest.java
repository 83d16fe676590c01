package dev.quotary.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.ReservationId;
import dev.quotary.testkit.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class HoldIndexTest {
    /** A row as text, in the order of the index. */
    private static List<String> rows(HoldIndex index) {
        var rows = new ArrayList<String>();
        for (int row = index.oldest(); row != HoldIndex.NONE; row = index.after(row)) {
            rows.add(index.id(row) + " " + index.position(row) + " " + index.length(row) + " "
                    + index.expirySecond(row));
        }
        return rows;
    }

    @Test
    void index_behaves_like_a_map_in_the_order_of_coming() {
        Seeds.forEach(100, random -> {
            // Given
            var index = new HoldIndex();
            Map<ReservationId, String> model = new LinkedHashMap<>();
            Map<ReservationId, Integer> lengths = new LinkedHashMap<>();
            for (int step = 0; step < 3_000; step++) {
                // When
                var id = new ReservationId(random.nextInt(3), random.nextInt(600));
                if (random.nextInt(5) < 3) {
                    int length = 1 + random.nextInt(300);
                    index.put(id, step, length, step + 7);
                    model.put(id, id + " " + step + " " + length + " " + (step + 7));
                    lengths.put(id, length);
                } else {
                    assertThat(index.remove(id)).isEqualTo(model.remove(id) != null);
                    lengths.remove(id);
                }
                toEnd(index, model, random);
                // Then
                assertThat(index.contains(id)).isEqualTo(model.containsKey(id));
                assertThat(index.size()).isEqualTo(model.size());
            }
            assertThat(rows(index)).containsExactlyElementsOf(model.values());
            assertThat(index.bytes())
                    .isEqualTo(lengths.values().stream()
                            .mapToLong(length -> length)
                            .sum());
        });
    }

    private static void toEnd(HoldIndex index, Map<ReservationId, String> model, RandomGenerator random) {
        if (!model.isEmpty() && random.nextInt(4) == 0) {
            int row = index.oldest();
            var id = index.id(row);
            index.toEnd(row);
            model.put(id, String.valueOf(model.remove(id)));
        }
    }

    @Test
    void row_is_at_its_place_until_its_hold_is_gone() {
        // Given
        var index = new HoldIndex();
        index.put(new ReservationId(1, 1), 50, 10, 0);
        int row = index.oldest();
        // When, Then
        assertThat(index.isAt(row, 50)).isTrue();
        assertThat(index.isAt(row, 60)).isFalse();
        index.move(row, 60);
        assertThat(index.isAt(row, 60)).isTrue();
        index.remove(new ReservationId(1, 1));
        assertThat(index.isAt(row, 60)).isFalse();
    }
}
