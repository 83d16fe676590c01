package dev.quotary.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.KeyId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.call.SubjectKey;
import dev.quotary.call.Visitor;
import dev.quotary.meter.Amounts;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.Window;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names of counters, and the holds and scopes that they are taken from. */
class CounterKeyTest {
    private static final OrganizationKey ACME = new OrganizationKey("acme");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Counted DAILY = counted(MeterKey.TOKENS, Filter.ALL, Scope.SUBJECT, "day");

    @Test
    void keys_are_equal_exactly_when_they_name_the_same_counter() {
        // Given
        var key = key(ACME, DAILY, "ada");
        var others = List.of(
                key(new OrganizationKey("globex"), DAILY, "ada"),
                key(ACME, DAILY, "bob"),
                key(ACME, counted(MeterKey.COST, Filter.ALL, Scope.SUBJECT, "day"), "ada"),
                key(ACME, counted(MeterKey.TOKENS, Filter.ALL, Scope.KEY, "day"), "ada"),
                key(ACME, counted(MeterKey.TOKENS, Filter.ALL, Scope.SUBJECT, "week"), "ada"),
                key(ACME, counted(MeterKey.TOKENS, new Filter(Map.of("model", "gpt*")), Scope.SUBJECT, "day"), "ada"),
                key.in(DAILY.window().at(NOON.plusSeconds(86_400), WindowCalendar.UTC)));
        // When
        var same = key(ACME, counted(MeterKey.TOKENS, new Filter(Map.of()), Scope.SUBJECT, "day"), "ada");
        // Then
        assertThat(same).isEqualTo(key).hasSameHashCodeAs(key).hasToString(key.toString());
        assertThat(others).doesNotContain(key).doesNotHaveDuplicates();
        assertThat(new HashSet<>(others)).hasSize(others.size());
        assertThat(key).isNotEqualTo(null).isNotEqualTo("acme");
    }

    @Test
    void what_is_counted_is_read_back_from_its_text() {
        for (var window :
                List.of("minute", "hour", "day", "week", "month", "billing-period", "lifetime", "in-flight")) {
            for (var scope : Scope.values()) {
                // Given
                var odd = new Filter(Map.of("model", "größe %|= x*", "team a", "red"));
                var counted = counted(new MeterKey("kb_file"), odd, scope, window);
                var plain = counted(MeterKey.TOKENS_INPUT, Filter.ALL, scope, window);
                // When
                var read = Counted.parse(counted.text());
                // Then
                assertThat(read).isEqualTo(counted);
                assertThat(Counted.parse(plain.text())).isEqualTo(plain);
            }
        }
    }

    @Test
    void text_of_nothing_that_is_counted_is_refused() {
        for (var text : List.of(
                "", "tokens|subject|day", "tokens|nobody|day|", "tokens|subject|eon|", "tokens|subject|day|a=b=c")) {
            // When, Then
            assertThatIllegalArgumentException().isThrownBy(() -> Counted.parse(text));
        }
    }

    @Test
    void key_of_another_window_counts_the_same_there() {
        // Given
        var key = key(ACME, DAILY, "ada");
        // When
        var other = key.in(Window.ENDLESS);
        // Then
        assertThat(other.in(key.window())).isEqualTo(key);
        assertThat(other.counted()).isEqualTo(DAILY);
        assertThat(other.scopeValue()).isEqualTo("ada");
        assertThat(other.organization()).isEqualTo(ACME);
    }

    /** Storage names what is counted by it. */
    @Test
    void text_of_what_is_counted_never_changes() {
        // When
        var filter = new Filter(Map.of("provider", "openai", "model", "gpt 5*"));
        var text = counted(MeterKey.TOKENS_INPUT, filter, Scope.WORKFLOW, "billing-period")
                .text();
        // Then
        assertThat(text).isEqualTo("tokens.input|workflow|billing-period|model=gpt%205* provider=openai");
        assertThat(key(ACME, DAILY, "ada").text()).isEqualTo("tokens|subject|day|");
    }

    @Test
    void only_calls_that_run_now_are_in_flight() {
        // When, Then
        assertThat(counted(MeterKey.REQUESTS, Filter.ALL, Scope.SUBJECT, "in-flight")
                        .inFlight())
                .isTrue();
        assertThat(counted(MeterKey.REQUESTS, Filter.ALL, Scope.SUBJECT, "lifetime")
                        .inFlight())
                .isFalse();
    }

    @Test
    void scopes_take_their_value_from_the_call() {
        // Given
        var dimensions = new Dimensions(null, null, null, "s1", "w1", Map.of());
        var full = new Call(ACME, new SubjectKey("ada"), new KeyId("key_1"), dimensions);
        var visitor = new Visitor("0123456789abcdef", "0123456789abcdef01234567");
        var bare = new Call(ACME, null, null, Dimensions.NONE);
        // When
        var values = Arrays.stream(Scope.values())
                .map(scope -> scope.key() + "=" + scope.valueOf(full))
                .toList();
        var absent = Arrays.stream(Scope.values())
                .filter(scope -> scope.valueOf(bare) == null)
                .toList();
        // Then
        assertThat(values)
                .containsExactly(
                        "organization=acme", "subject=ada", "key=key_1", "session=s1", "workflow=w1", "network=null");
        assertThat(absent).containsExactly(Scope.SUBJECT, Scope.KEY, Scope.SESSION, Scope.WORKFLOW, Scope.NETWORK);
        assertThat(Scope.NETWORK.valueOf(new Call(ACME, visitor.key(), null, Dimensions.NONE)))
                .isEqualTo("0123456789abcdef");
        assertThat(Scope.ORGANIZATION.valueOf(bare)).isEqualTo("acme");
    }

    @Test
    void hold_expires_at_its_instant() {
        // Given
        var hold = hold(NOON, NOON.plusSeconds(60), List.of());
        // When, Then
        assertThat(hold.expired(NOON.plusSeconds(60).minusNanos(1))).isFalse();
        assertThat(hold.expired(NOON.plusSeconds(60))).isTrue();
        assertThat(hold.expired(NOON.plusSeconds(61))).isTrue();
    }

    @Test
    void hold_that_does_not_begin_before_it_expires_is_refused() {
        // When, Then
        assertThatIllegalArgumentException().isThrownBy(() -> hold(NOON, NOON, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> hold(NOON, NOON.minusSeconds(1), List.of()));
    }

    @Test
    void hold_keeps_the_charges_it_was_given() {
        // Given
        var charges = new ArrayList<>(List.of(new Charge(key(ACME, DAILY, "ada"), 1, 2)));
        var hold = hold(NOON, NOON.plusSeconds(60), charges);
        // When
        charges.clear();
        // Then
        assertThat(hold.charges()).hasSize(1);
    }

    @Test
    void postings_say_whether_they_add_or_set() {
        // Given
        var key = key(ACME, DAILY, "ada");
        // When, Then
        assertThat(Posting.add(key, 5)).isEqualTo(new Posting(key, 5, false));
        assertThat(Posting.set(key, 5)).isEqualTo(new Posting(key, 5, true));
    }

    private static Hold hold(Instant admittedAt, Instant expiresAt, List<Charge> charges) {
        var call = new Call(ACME, null, null, Dimensions.NONE);
        var id = new ReservationId(1, 2);
        return new Hold(id, call, Amounts.NONE, charges, admittedAt, expiresAt, Hold.Origin.API, 3);
    }

    private static CounterKey key(OrganizationKey organization, Counted counted, String scopeValue) {
        return new CounterKey(
                organization, counted, scopeValue, counted.window().at(NOON, WindowCalendar.UTC));
    }

    private static Counted counted(MeterKey meter, Filter filter, Scope scope, String window) {
        return new Counted(meter, filter, scope, WindowSpec.parse(window));
    }
}
