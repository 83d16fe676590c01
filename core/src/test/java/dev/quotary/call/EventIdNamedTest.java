package dev.quotary.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventIdNamedTest {
    private static final OrganizationKey ACME = new OrganizationKey("acme");
    private static final Instant AT = Instant.parse("2026-11-22T10:00:00.123Z");
    private static final String UUID_7 = "019aab2d-6cbb-7abc-9def-0123456789ab";

    private static EventId named(String name) {
        return EventId.named(ACME, "source", name);
    }

    @Test
    void id_begins_with_the_time_of_a_name_that_is_a_uuid_of_version_7() {
        // Given
        var name = String.format(Locale.ROOT, "%012x", AT.toEpochMilli()).replaceFirst("(.{8})(.{4})", "$1-$2-")
                + "7abc-9def-0123456789ab";
        // When
        var id = named(name);
        // Then
        assertThat(id.high() >>> 16).isEqualTo(AT.toEpochMilli());
        assertThat(Ids.formed(id)).isFalse();
        assertThat(id).isEqualTo(named(name));
    }

    @Test
    void id_begins_with_the_time_of_a_name_that_is_a_ulid() {
        // When
        var id = named("01ARZ3NDEKTSV4RRFFQ69G5FAV");
        // Then
        assertThat(id.high() >>> 16)
                .isEqualTo(Instant.parse("2016-07-30T23:54:10.259Z").toEpochMilli());
    }

    @Test
    void names_of_the_same_time_have_different_ids_and_so_have_other_sources_and_organizations() {
        // When
        var id = named(UUID_7);
        // Then
        assertThat(id)
                .isNotEqualTo(named(UUID_7.replace("89ab", "89ac")))
                .isNotEqualTo(named(UUID_7.toUpperCase(Locale.ROOT)))
                .isNotEqualTo(EventId.named(ACME, "other", UUID_7))
                .isNotEqualTo(EventId.named(new OrganizationKey("globex"), "source", UUID_7))
                .isNotEqualTo(EventId.named(ACME, new SubjectKey("ann"), "source", UUID_7));
        assertThat(EventId.named(ACME, new SubjectKey("ann"), "source", UUID_7).high() >>> 16)
                .isEqualTo(id.high() >>> 16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "019aab2d-6cbb-4abc-9def-0123456789ab",
                "019aab2d-6cbb-7abc-cdef-0123456789ab",
                "019aab2d+6cbb-7abc-9def-0123456789ab",
                "019aab2d-6cbb-7abc-9def-0123456789ag",
                "019aab2d-6cbb-7abc-9def-0123456789a٣",
                "81ARZ3NDEKTSV4RRFFQ69G5FAV",
                "01ARZ3NDEKTSV4RRFFQ69G5FAU",
                "01arz3ndektsv4rrffq69g5fav",
                "e1"
            })
    void id_of_any_other_name_is_a_digest_of_128_bits(String name) {
        // When
        var id = named(name);
        // Then
        long[] digest = Bits.digest("acme", "event", "source", name);
        assertThat(id).isEqualTo(new EventId(digest[0], digest[1]));
    }
}
