package dev.quotary.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final Attempts attempts = new Attempts();

    private void wrong(int times, String address) {
        for (int i = 0; i < times; i++) {
            attempts.wrong(address, NOW);
        }
    }

    @Test
    void address_waits_after_ten_wrong_passwords_and_others_do_not() {
        // When
        wrong(Attempts.OF_ONE_ADDRESS, "192.0.2.1");
        // Then
        assertThat(attempts.wait("192.0.2.1", NOW.plusSeconds(60))).isEqualTo(Duration.ofMinutes(14));
        assertThat(attempts.wait("192.0.2.2", NOW.plusSeconds(60))).isZero();
    }

    @Test
    void one_fewer_does_not_wait() {
        // When
        wrong(Attempts.OF_ONE_ADDRESS - 1, "192.0.2.1");
        // Then
        assertThat(attempts.wait("192.0.2.1", NOW)).isZero();
    }

    @Test
    void wait_ends_a_quarter_of_an_hour_after_the_first_wrong_one() {
        // When
        wrong(Attempts.OF_ONE_ADDRESS, "192.0.2.1");
        // Then
        assertThat(attempts.wait("192.0.2.1", NOW.plusSeconds(899))).isEqualTo(Duration.ofSeconds(1));
        assertThat(attempts.wait("192.0.2.1", NOW.plusSeconds(900))).isZero();
    }

    @Test
    void everybody_waits_when_many_addresses_try_together() {
        // When
        for (int i = 0; i < Attempts.OF_ALL; i++) {
            wrong(1, "192.0.2." + i);
        }
        // Then
        assertThat(attempts.wait("198.51.100.1", NOW)).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void right_password_clears_its_address() {
        // Given
        wrong(Attempts.OF_ONE_ADDRESS, "192.0.2.1");
        // When
        attempts.right("192.0.2.1");
        // Then
        assertThat(attempts.wait("192.0.2.1", NOW)).isZero();
    }
}
