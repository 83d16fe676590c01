package dev.quotary.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class IdTextTest {
    private static final OrganizationKey ACME = new OrganizationKey("acme");

    @Test
    void ids_are_read_back_from_their_text() {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        for (int i = 0; i < 10_000; i++) {
            // Given
            var id = new ReservationId(random.nextLong(), random.nextLong() >>> random.nextInt(64));
            // When
            var read = ReservationId.parse(id.toString());
            // Then
            assertThat(read).isEqualTo(id);
            assertThat(EventId.parse(id.event().toString()).reservation()).isEqualTo(id);
            assertThat(ReservationId.hasForm(id.toString())).isTrue();
        }
    }

    @Test
    void text_is_a_prefix_and_32_hexadecimal_digits() {
        // When
        var id = new ReservationId(0x0123_4567_89ab_cdefL, -1);
        // Then
        assertThat(id).hasToString("rsv_0123456789abcdefffffffffffffffff");
        assertThat(id.event()).hasToString("evt_0123456789abcdefffffffffffffffff");
        assertThat(ReservationId.parse("rsv_0123456789ABCDEFffffffffffffffff")).isEqualTo(id);
    }

    @Test
    void any_other_text_is_refused_and_not_repeated() {
        // Given
        var digits = "0".repeat(31);
        // When, Then
        for (var text : List.of(
                "",
                "rsv_",
                "rsv_" + digits,
                "rsv_00" + digits,
                "evt_0" + digits,
                "rsv_g" + digits,
                "rsv_\u0660" + digits,
                " rsv_0" + digits,
                "RSV_0" + digits)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ReservationId.parse(text))
                    .withMessage("expected rsv_ and 32 hexadecimal digits");
            assertThat(ReservationId.hasForm(text)).isFalse();
        }
    }

    @Test
    void same_name_is_the_same_id_within_one_organization_alone() {
        // When
        var id = ReservationId.named(ACME, "order-1");
        // Then
        assertThat(id).isEqualTo(ReservationId.named(ACME, "order-1"));
        assertThat(List.of(
                        id,
                        ReservationId.named(ACME, "order-2"),
                        ReservationId.named(new OrganizationKey("globex"), "order-1"),
                        ReservationId.named(ACME, new SubjectKey("ada"), "order-1"),
                        ReservationId.named(ACME, new SubjectKey("bob"), "order-1"),
                        EventId.named(ACME, new SubjectKey("ada"), "app", "order-1")
                                .reservation(),
                        EventId.named(ACME, "app", "order-1").reservation(),
                        EventId.named(ACME, "app2", "order-1").reservation()))
                .doesNotHaveDuplicates();
    }

    @Test
    void parts_of_a_name_do_not_run_together() {
        // When
        var left = EventId.named(ACME, "ab", "c");
        var right = EventId.named(ACME, "a", "bc");
        // Then
        assertThat(left).isNotEqualTo(right);
    }

    /** Stored ids depend on it. */
    @Test
    void named_ids_never_change() {
        // When
        var id = ReservationId.named(ACME, "order-1");
        var event = EventId.named(ACME, "app", "order-1");
        var owned = ReservationId.named(ACME, new SubjectKey("ada"), "order-1");
        var ownedEvent = EventId.named(ACME, new SubjectKey("ada"), "app", "order-1");
        // Then
        assertThat(id).hasToString("rsv_a1ccb61820cdd5cc5ce9a999eb417ed9");
        assertThat(event).hasToString("evt_588d1edbdb07a98eaa1d25afd7ca8a52");
        assertThat(owned).hasToString("rsv_ef55feb32e2c32e3af2d646de3ae2f1a");
        assertThat(ownedEvent).hasToString("evt_9dbd4d0dff7707c1d8a055468e9a5cee");
    }
}
