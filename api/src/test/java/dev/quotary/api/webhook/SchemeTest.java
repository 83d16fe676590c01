package dev.quotary.api.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quotary.api.key.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against what the schemes' own documentation signs, or what openssl makes of it. */
class SchemeTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Scheme.Signed signed(Scheme scheme, Map<String, String> headers) {
        return scheme.signed(name -> Optional.ofNullable(headers.get(name)));
    }

    @Test
    void standard_webhooks_own_example_is_verified() {
        // Given
        var headers = Map.of(
                "webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "webhook-timestamp", "1614265330",
                "webhook-signature", "v1,wrong== v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1a,other");
        var secret = new Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        // When
        var claimed = signed(Scheme.STANDARD, headers);
        // Then
        assertThat(Scheme.STANDARD.verified(claimed, bytes("{\"test\": 2432232314}"), List.of(secret)))
                .isTrue();
        assertThat(Scheme.STANDARD.verified(claimed, bytes("{\"test\": 2432232315}"), List.of(secret)))
                .isFalse();
        assertThat(claimed.id()).contains("msg_p5jXN8AQM9LWM0D4loKWxJek");
        assertThat(claimed.sentAt()).contains(Instant.ofEpochSecond(1614265330));
    }

    @Test
    void githubs_own_example_is_verified() {
        // Given
        var headers = Map.of(
                "X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                "X-GitHub-Delivery", "72d3162e");
        var secret = new Secret("It's a Secret to Everybody");
        // When
        var claimed = signed(Scheme.GITHUB, headers);
        // Then
        assertThat(Scheme.GITHUB.verified(claimed, bytes("Hello, World!"), List.of(secret)))
                .isTrue();
        assertThat(Scheme.GITHUB.verified(claimed, bytes("Hello, World?"), List.of(secret)))
                .isFalse();
        assertThat(Scheme.GITHUB.verified(claimed, bytes("Hello, World!"), List.of()))
                .isFalse();
        assertThat(claimed.id()).contains("72d3162e");
    }

    @Test
    void any_of_several_secrets_and_signatures_is_good_enough() {
        // Given
        var headers = Map.of(
                "X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
        var secrets = List.of(new Secret("the one that comes next"), new Secret("It's a Secret to Everybody"));
        // When
        var claimed = signed(Scheme.GITHUB, headers);
        // Then
        assertThat(Scheme.GITHUB.verified(claimed, bytes("Hello, World!"), secrets))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Stripe-Signature    | t=soon,v1=00   | time of sending
            Stripe-Signature    | v1=00          | time of sending
            Stripe-Signature    | t=-5,v1=00     | time of sending
            stripe              | t=5,v1=00      | header Stripe-Signature
            """)
    void claims_that_say_nothing_are_refused(String header, String value, String expected) {
        // When / Then
        assertThatThrownBy(() -> signed(Scheme.STRIPE, Map.of(header, value)))
                .isInstanceOf(NotSignedException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void signature_in_another_form_is_none() {
        // When
        var stripe = signed(Scheme.STRIPE, Map.of("Stripe-Signature", "t=5,v0=00,v1=0g,v1=0"));
        var github = signed(Scheme.GITHUB, Map.of("X-Hub-Signature-256", "sha1=00"));
        // Then
        assertThat(stripe.signatures()).isEmpty();
        assertThat(github.signatures()).isEmpty();
    }

    @Test
    void secret_that_is_none_of_the_scheme_is_refused_without_quoting_it() {
        // When / Then
        for (var text : List.of("whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_%%%")) {
            assertThatThrownBy(() -> Scheme.STANDARD.check(new Secret(text)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("whsec_ and the base64 of 24..64 bytes")
                    .hasMessageNotContaining(text);
        }
        assertThatThrownBy(() -> Scheme.GITHUB.check(new Secret("too short"))).hasMessageContaining("16..256");
    }
}
