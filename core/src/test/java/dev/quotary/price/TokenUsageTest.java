package dev.quotary.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TokenUsageTest {
    @Test
    void every_bucket_is_given_back_under_its_own_name() {
        // Given
        var builder = TokenUsage.builder().reasoning(3);
        long count = 5;
        for (var component : Component.values()) {
            builder.set(component, count++);
        }

        // When
        var usage = builder.build();

        // Then
        long expected = 5;
        for (var component : Component.values()) {
            assertThat(usage.of(component)).as(component.key()).isEqualTo(expected++);
        }
        assertThat(usage.reasoning()).isEqualTo(3);
    }

    @Test
    void totals_count_tokens_and_no_fees() {
        // Given
        var usage = TokenUsage.NONE;
        for (var component : Component.values()) {
            usage = usage.with(component, component.token() ? 10 : 1000);
        }

        // Then
        assertThat(usage.totalInput()).isEqualTo(60);
        assertThat(usage.totalOutput()).isEqualTo(30);
    }

    @Test
    void usage_of_two_turns_is_added_bucket_by_bucket() {
        // Given
        var one = TokenUsage.builder()
                .set(Component.INPUT, 1)
                .set(Component.OUTPUT, 2)
                .set(Component.WEB_SEARCHES, 3)
                .reasoning(2)
                .build();

        // When
        var sum = one.plus(one.with(Component.IMAGES, 4));

        // Then
        assertThat(sum)
                .isEqualTo(TokenUsage.builder()
                        .set(Component.INPUT, 2)
                        .set(Component.OUTPUT, 4)
                        .set(Component.WEB_SEARCHES, 6)
                        .set(Component.IMAGES, 4)
                        .reasoning(4)
                        .build());
    }

    @Test
    void bad_counts_are_refused() {
        for (var component : Component.values()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TokenUsage.NONE.with(component, -1))
                    .withMessageContaining(component.key());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TokenUsage.NONE.with(component, TokenUsage.TOKENS_MAX + 1));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenUsage.builder().reasoning(1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenUsage.of(TokenUsage.TOKENS_MAX, 0).plus(TokenUsage.of(1, 0)));
    }

    @Test
    void part_without_a_model_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PartUsage(" ", TokenUsage.NONE));
    }
}
