package dev.quotary.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class MoneyTest {
    @Test
    void decimal_text_is_read_and_written_without_loss() {
        // Given
        var texts = List.of("0", "1", "0.0105", "0.000000000001", "9223372.036854775807", "1000000", "120.5");
        // When
        var written = texts.stream().map(text -> Money.parse(text).toString()).toList();
        // Then
        assertThat(written).isEqualTo(texts);
    }

    @Test
    void every_amount_is_read_back_from_its_text() {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        for (int i = 0; i < 10_000; i++) {
            // Given
            var money = new Money(random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63));
            // When
            var read = Money.parse(money.toString());
            // Then
            assertThat(read).isEqualTo(money);
            assertThat(Money.ofDollars(money.dollars())).isEqualTo(money);
        }
    }

    @Test
    void trailing_zeros_and_exponents_say_the_same() {
        // When
        var same = List.of(
                Money.parse("1.50"), Money.parse("1.5000000000000000"), Money.parse("15E-1"), Money.parse("+1.5"));
        // Then
        assertThat(same).containsOnly(new Money(1_500_000_000_000L));
    }

    @Test
    void what_does_not_fit_is_refused() {
        // When, Then
        for (var text : List.of(
                "-0.01",
                "0.0000000000001",
                "9223372.036854775808",
                "10000000",
                "1E+2147483647",
                "10E+2147483647",
                "1E-2147483647",
                "-1E-400000000",
                "",
                " 1",
                "1,5",
                "NaN",
                "1".repeat(41))) {
            assertThatIllegalArgumentException().describedAs(text).isThrownBy(() -> Money.parse(text));
        }
    }

    /** Written out, this has a billion digits: the refusal itself must not take the memory of the server. */
    @Test
    void refusal_of_a_huge_negative_number_is_short() {
        // When, Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Money.parse("-1E+999999999"))
                .withMessageContaining("-1E+999999999");
    }

    @Test
    void negative_money_is_refused() {
        // When, Then
        assertThatIllegalArgumentException().isThrownBy(() -> new Money(-1)).withMessageContaining("-1");
    }

    @Test
    void sum_is_exact_and_never_wraps() {
        // When
        var sum = new Money(Long.MAX_VALUE - 1).plus(new Money(1));
        // Then
        assertThat(sum).isEqualTo(Money.MAX);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Money.MAX.plus(new Money(1)));
        assertThat(Money.ZERO.plus(Money.ZERO)).isEqualTo(Money.ZERO);
    }

    @Test
    void rounding_is_half_up_and_bounds_round_up() {
        // Given
        var half = new BigDecimal("0.0000000000015");
        var less = new BigDecimal("0.0000000000014999");
        // When, Then
        assertThat(Money.rounded(half)).isEqualTo(new Money(2));
        assertThat(Money.rounded(less)).isEqualTo(new Money(1));
        assertThat(Money.roundedUp(new BigDecimal("0.00000000000100001"))).isEqualTo(new Money(2));
        assertThat(Money.roundedUp(new BigDecimal("0.000000000001"))).isEqualTo(new Money(1));
    }

    @Test
    void order_is_by_amount() {
        // Given
        var dear = new Money(BigInteger.TEN.pow(18).longValueExact());
        // When, Then
        assertThat(Money.ZERO).isLessThan(new Money(1));
        assertThat(dear).isGreaterThan(new Money(1)).isEqualByComparingTo(Money.parse("1000000"));
    }
}
