package dev.quotary.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.quotary.call.OrganizationKey;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.Window;
import dev.quotary.time.WindowSpec;
import java.math.BigInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ChargeTest {
    private static final CounterKey TOKENS = new CounterKey(
            new OrganizationKey("acme"),
            new Counted(MeterKey.TOKENS, Filter.ALL, Scope.ORGANIZATION, WindowSpec.LIFETIME),
            "acme",
            Window.ENDLESS);

    @Test
    void charge_fits_up_to_its_maximum() {
        // Given
        var charge = new Charge(TOKENS, 30, 100);
        // When, Then
        assertThat(charge.fits(0, 70)).isTrue();
        assertThat(charge.fits(40, 30)).isTrue();
        assertThat(charge.fits(70, 0)).isTrue();
        assertThat(charge.fits(41, 30)).isFalse();
        assertThat(charge.fits(71, 0)).isFalse();
        assertThat(charge.fits(0, 71)).isFalse();
    }

    @Test
    void nothing_always_fits() {
        // Given
        var nothing = new Charge(TOKENS, 0, 0);
        // When, Then
        assertThat(nothing.fits(5, 5)).isTrue();
        assertThat(nothing.fits(Long.MAX_VALUE, Long.MAX_VALUE)).isTrue();
    }

    @Test
    void without_a_maximum_everything_fits_that_can_be_counted() {
        // Given
        var charge = new Charge(TOKENS, 10, Long.MAX_VALUE);
        // When, Then
        assertThat(charge.fits(Long.MAX_VALUE, 0)).isTrue();
        assertThat(charge.fits(Long.MAX_VALUE, Long.MAX_VALUE - 10)).isTrue();
        assertThat(charge.fits(0, Long.MAX_VALUE - 9)).isFalse();
    }

    @Test
    void room_is_exact_for_numbers_of_any_size() {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        for (int i = 0; i < 100_000; i++) {
            // Given
            long maximum = Math.min(anyNumber(random), Long.MAX_VALUE - 1);
            long amount = 1 + Math.min(anyNumber(random), Long.MAX_VALUE - 1);
            long used = anyNumber(random);
            long held = anyNumber(random);
            // When
            boolean fits = new Charge(TOKENS, amount, maximum).fits(used, held);
            // Then
            var sum = BigInteger.valueOf(used).add(BigInteger.valueOf(held)).add(BigInteger.valueOf(amount));
            assertThat(fits)
                    .describedAs("%d on %d used, %d held of %d", amount, used, held, maximum)
                    .isEqualTo(sum.compareTo(BigInteger.valueOf(maximum)) <= 0);
        }
    }

    @Test
    void negative_amounts_and_maxima_are_refused() {
        // When, Then
        assertThatIllegalArgumentException().isThrownBy(() -> new Charge(TOKENS, -1, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> new Charge(TOKENS, 1, -5));
    }

    /** Small ones, large ones, and those at the edge. */
    private static long anyNumber(RandomGenerator random) {
        return switch (random.nextInt(3)) {
            case 0 -> random.nextLong(20);
            case 1 -> random.nextLong(Long.MAX_VALUE);
            default -> Long.MAX_VALUE - random.nextLong(20);
        };
    }
}
