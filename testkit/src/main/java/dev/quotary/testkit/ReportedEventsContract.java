package dev.quotary.testkit;

import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerSamples.ACME;
import static dev.quotary.testkit.LedgerSamples.ODD;
import static dev.quotary.testkit.LedgerSamples.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.analytics.Range;
import dev.quotary.analytics.ReportedEvents;
import dev.quotary.call.Call;
import dev.quotary.call.Dimensions;
import dev.quotary.call.EventId;
import dev.quotary.call.OrganizationKey;
import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Origin;
import dev.quotary.ledger.UsageEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every store shows of the events that were reported as CloudEvents. */
public interface ReportedEventsContract {
    Range DAY = new Range(START, START.plus(Duration.ofDays(1)));

    /** A ledger over storage of its own, which is empty. */
    Ledger openEmpty();

    /** Over the storage of the last ledger. */
    ReportedEvents reported();

    private static UsageEvent event(OrganizationKey organization, long number, String subject, int hour) {
        var plain = LedgerSamples.plain(number, subject, 5);
        return new UsageEvent(
                new EventId(number, number),
                START.plus(Duration.ofHours(hour)),
                new Call(organization, new SubjectKey(subject), null, Dimensions.NONE),
                plain.metered(),
                plain.result(),
                Optional.empty(),
                "{\"n\":" + number + "}",
                number,
                Optional.of(new Origin("src", "id-" + number, "prompt", START.plus(Duration.ofDays(number)))));
    }

    private void recordFour() {
        var ledger = openEmpty();
        for (var event : List.of(
                event(ACME, 1, "ann", 5),
                event(ACME, 2, "bob", 9),
                event(ACME, 3, "ann", 7),
                event(ODD, 4, "ann", 6))) {
            get(ledger.append(List.of(new Entry(event, List.of()))));
        }
        get(ledger.append(List.of(new Entry(LedgerSamples.plain(9, "ann", 5), List.of()))));
    }

    private List<UsageEvent> asked(Optional<Range> received, String subject, String name, int count) {
        return get(reported()
                .newest(new ReportedEvents.Query(
                        ACME,
                        DAY,
                        received,
                        subject.isEmpty() ? Optional.empty() : Optional.of(new SubjectKey(subject)),
                        name.isEmpty() ? Optional.empty() : Optional.of(name),
                        count)));
    }

    @Test
    default void reported_events_of_one_organization_come_newest_first_as_they_were_recorded() {
        // Given
        recordFour();
        // When
        var events = asked(Optional.empty(), "", "", 100);
        // Then
        assertThat(events)
                .containsExactly(event(ACME, 2, "bob", 9), event(ACME, 3, "ann", 7), event(ACME, 1, "ann", 5));
    }

    @Test
    default void reported_events_are_found_by_subject_id_and_when_they_came_in() {
        // Given
        recordFour();
        // When
        var ofAnn = asked(Optional.empty(), "ann", "", 1);
        var named = asked(Optional.empty(), "", "id-1", 100);
        var received = asked(
                Optional.of(new Range(START.plus(Duration.ofDays(2)), START.plus(Duration.ofDays(3)))), "", "", 100);
        var none = asked(Optional.empty(), "bob", "id-1", 100);
        // Then
        assertThat(ofAnn).containsExactly(event(ACME, 3, "ann", 7));
        assertThat(named).containsExactly(event(ACME, 1, "ann", 5));
        assertThat(received).containsExactly(event(ACME, 2, "bob", 9));
        assertThat(none).isEmpty();
    }
}
