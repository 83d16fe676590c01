package dev.quotary.api.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.Tail;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.testkit.LedgerSamples;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Streams of a ledger that several servers write to, by its numbers. */
class FollowTest {
    private static final OrganizationKey ACME = LedgerSamples.ACME;
    private static final Sight ALL_OF_ACME = new Sight(ACME, null, false);
    private static final Sight WHOLE_SERVER = new Sight(null, null, false);

    private final Shared ledger = new Shared();
    private final Live live = new Live("run", LiveOptions.DEFAULT);
    private final Follow follow = new Follow(ledger, new TokensAlone());

    FollowTest() {
        live.follow(follow);
    }

    /** What all servers have recorded. */
    private static final class Shared implements Tail {
        private final List<Numbered> events = new ArrayList<>();

        void record(String subject, long tokens) {
            long number = events.size() + 1L;
            events.add(new Numbered(number, LedgerSamples.plain(number, subject, tokens)));
        }

        @Override
        public long newest(OrganizationKey organization) {
            return organization.equals(ACME) ? events.size() : 0;
        }

        @Override
        public Map<OrganizationKey, Long> newest() {
            return events.isEmpty() ? Map.of() : new HashMap<>(Map.of(ACME, (long) events.size()));
        }

        @Override
        public List<Numbered> after(OrganizationKey organization, long number, int count) {
            return organization.equals(ACME)
                    ? events.stream()
                            .filter(each -> each.number() > number)
                            .limit(count)
                            .toList()
                    : List.of();
        }
    }

    private static final class TokensAlone implements Words {
        @Override
        public byte[] usage(UsageEvent event) {
            return Long.toString(event.metered().amounts().quantities().tokens())
                    .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] decision(dev.quotary.call.Call call, dev.quotary.usage.Decision decision, boolean own) {
            return Item.NOTHING;
        }

        @Override
        public byte[] status(Change change) {
            return Item.NOTHING;
        }
    }

    private void read() {
        live.channels().forEach(channel -> follow.read(channel, _ -> {}));
    }

    private static List<String> told(Live.Opening opening, Sight sight) {
        return opening.frames(sight).lines().filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void what_any_server_records_is_told_from_then_on_under_its_number() {
        // Given
        ledger.record("ada", 1);
        var opening = live.open(ALL_OF_ACME, "");
        // When
        ledger.record("ada", 2);
        ledger.record("bob", 3);
        read();
        read();
        // Then
        assertThat(told(opening, ALL_OF_ACME))
                .containsExactly(
                        "retry: 2000",
                        "id: n1",
                        "event: open",
                        "data: {}",
                        "id: n2",
                        "event: usage",
                        "data: 2",
                        "id: n3",
                        "event: usage",
                        "data: 3");
        assertThat(told(opening, new Sight(ACME, new SubjectKey("bob"), true)))
                .contains("data: 3")
                .doesNotContain("data: 2");
    }

    @Test
    void reader_that_was_at_another_server_goes_on_where_it_was() {
        // Given
        ledger.record("ada", 1);
        ledger.record("ada", 2);
        ledger.record("bob", 3);
        // When
        var opening = live.open(ALL_OF_ACME, "n1");
        ledger.record("ada", 4);
        read();
        // Then
        assertThat(told(opening, ALL_OF_ACME))
                .filteredOn(line -> line.startsWith("data: "))
                .containsExactly("data: {}", "data: 2", "data: 3", "data: 4");
    }

    @Test
    void what_was_missed_is_not_told_twice_though_the_channel_tells_it_as_well() {
        // Given
        ledger.record("ada", 1);
        live.open(ALL_OF_ACME, "");
        ledger.record("ada", 2);
        // When
        var opening = live.open(ALL_OF_ACME, "n1");
        read();
        // Then
        assertThat(told(opening, ALL_OF_ACME))
                .filteredOn(line -> line.equals("data: 2"))
                .hasSize(1);
    }

    @Test
    void place_that_never_was_and_one_that_is_too_far_back_are_not_known() {
        // Given
        for (int i = 0; i < 1_002; i++) {
            ledger.record("ada", i);
        }
        // When / Then
        assertThat(told(live.open(ALL_OF_ACME, "n9999"), ALL_OF_ACME)).contains("event: reset");
        assertThat(told(live.open(ALL_OF_ACME, "n0"), ALL_OF_ACME)).contains("event: reset");
        assertThat(told(live.open(ALL_OF_ACME, "n2"), ALL_OF_ACME))
                .doesNotContain("event: reset")
                .contains("data: 1001");
    }

    @Test
    void whole_server_is_told_of_organizations_that_begin_while_it_reads() {
        // Given
        var opening = live.open(WHOLE_SERVER, "");
        // When
        ledger.record("ada", 5);
        read();
        // Then
        assertThat(told(opening, WHOLE_SERVER)).contains("data: 5", "id: run-1-1");
    }
}
