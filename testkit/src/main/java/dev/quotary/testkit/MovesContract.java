package dev.quotary.testkit;

import static dev.quotary.testkit.AuditContract.TOKENS_A_DAY;
import static dev.quotary.testkit.LedgerContract.get;
import static dev.quotary.testkit.LedgerSamples.ACME;
import static dev.quotary.testkit.LedgerSamples.START;
import static dev.quotary.testkit.LedgerSamples.plain;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.SubjectKey;
import dev.quotary.ledger.Audit;
import dev.quotary.ledger.Difference;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.Move;
import dev.quotary.ledger.Moved;
import dev.quotary.ledger.Moves;
import dev.quotary.ledger.Recount;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Counted;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Filter;
import dev.quotary.limit.Posting;
import dev.quotary.limit.Scope;
import dev.quotary.meter.MeterKey;
import dev.quotary.time.WindowCalendar;
import dev.quotary.time.WindowSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every ledger promises that lets what one subject used count as another's. */
public interface MovesContract {
    SubjectKey VISITOR = new SubjectKey("anon_0123456789abcdef_0123456789abcdef01234567");
    SubjectKey ANN = new SubjectKey("ann");
    SubjectKey BOB = new SubjectKey("bob");
    Instant LATER = START.plusSeconds(3_600);
    Counted TOKENS_A_NETWORK = new Counted(MeterKey.TOKENS, Filter.ALL, Scope.NETWORK, WindowSpec.parse("day"));

    /** A ledger over storage of its own, which is empty, and which moves; {@link #audit} is for the last one. */
    Ledger openEmpty();

    Audit audit();

    /** Does something to the storage that no code of ours does. */
    void damage(String sql);

    private static CounterKey counter(SubjectKey subject) {
        return new CounterKey(
                ACME, TOKENS_A_DAY, subject.value(), TOKENS_A_DAY.window().at(START, WindowCalendar.UTC));
    }

    private static Entry used(long number, SubjectKey subject, long tokens) {
        UsageEvent event = plain(number, subject.value(), tokens);
        return new Entry(event, List.of(Posting.add(counter(subject), tokens)));
    }

    private static CompletionStage<Moved> move(Ledger ledger, SubjectKey into) {
        return ((Moves) ledger).move(new Move(ACME, VISITOR, into, List.of(counter(into)), LATER, "key_1"));
    }

    private List<Difference> differences() {
        var found = new ArrayList<Difference>();
        audit().verify(new AuditContract.Everything(Set.of(TOKENS_A_DAY), (_, _) -> true), START, found::add);
        return found;
    }

    @Test
    default void account_begins_with_what_the_visitor_used() {
        // Given
        var ledger = openEmpty();
        get(ledger.append(List.of(used(1, VISITOR, 30), used(2, VISITOR, 12), used(3, ANN, 5), used(4, BOB, 7))));
        // When
        var moved = get(move(ledger, ANN));
        // Then
        assertThat(moved).isEqualTo(new Moved(ACME, VISITOR, ANN, LATER, "key_1"));
        assertThat(get(ledger.sum(counter(ANN)))).isEqualTo(47);
        assertThat(get(ledger.sum(counter(BOB)))).isEqualTo(7);
        assertThat(differences()).isEmpty();
    }

    @Test
    default void move_into_an_account_without_use_of_its_own_is_right_to_the_audit() {
        // Given
        var ledger = openEmpty();
        get(ledger.append(List.of(used(1, VISITOR, 30))));
        // When
        get(move(ledger, ANN));
        // Then
        assertThat(get(ledger.sum(counter(ANN)))).isEqualTo(30);
        assertThat(differences()).isEmpty();
    }

    @Test
    default void sum_of_moved_use_that_was_lost_or_damaged_is_named() {
        // Given
        var ledger = openEmpty();
        get(ledger.append(List.of(used(1, VISITOR, 30))));
        get(move(ledger, ANN));
        var whose = new Difference.Whose("ann", START);
        // When
        damage("UPDATE window_sum SET used = 29 WHERE scope_value = 'ann'");
        var damaged = differences();
        damage("DELETE FROM window_sum WHERE scope_value = 'ann'");
        var lost = differences();
        // Then
        assertThat(damaged).containsExactly(new Difference.OfSum(ACME, TOKENS_A_DAY.text(), whose, 30, 29));
        assertThat(lost).containsExactly(new Difference.OfSum(ACME, TOKENS_A_DAY.text(), whose, 30, 0));
    }

    @Test
    default void repeated_move_moves_nothing_twice_and_what_was_used_since_once() {
        // Given
        var ledger = openEmpty();
        get(ledger.append(List.of(used(1, VISITOR, 30))));
        var first = get(move(ledger, ANN));
        var repeated = get(move(ledger, ANN));
        assertThat(get(ledger.sum(counter(ANN)))).isEqualTo(30);
        // When
        get(ledger.append(List.of(used(2, VISITOR, 4), used(3, ANN, 1))));
        get(move(ledger, ANN));
        get(move(ledger, ANN));
        // Then
        assertThat(repeated).isEqualTo(first);
        assertThat(get(ledger.sum(counter(ANN)))).isEqualTo(35);
        assertThat(differences()).isEmpty();
    }

    @Test
    default void of_many_that_move_at_once_into_different_accounts_one_wins_and_all_are_told_who() {
        // Given
        var ledger = openEmpty();
        get(ledger.append(List.of(used(1, VISITOR, 30))));
        // When
        var answers = IntStream.range(0, 40).mapToObj(i -> move(ledger, i % 2 == 0 ? ANN : BOB)).toList().stream()
                .map(LedgerContract::get)
                .distinct()
                .toList();
        // Then
        assertThat(answers).hasSize(1);
        var winner = answers.getFirst().into();
        var loser = winner.equals(ANN) ? BOB : ANN;
        assertThat(get(ledger.sum(counter(winner)))).isEqualTo(30);
        assertThat(get(ledger.sum(counter(loser)))).isZero();
        assertThat(differences()).isEmpty();
    }

    @Test
    default void reset_account_does_not_get_back_what_was_moved_and_forgiven_use_is_not_moved() {
        // Given
        var ledger = openEmpty();
        get(ledger.append(List.of(used(1, VISITOR, 30))));
        get(ledger.reset(List.of(counter(VISITOR)), LATER, "key_2"));
        get(ledger.append(List.of(used(2, VISITOR, 6))));
        get(move(ledger, ANN));
        assertThat(get(ledger.sum(counter(ANN)))).isEqualTo(6);
        // When
        get(ledger.reset(List.of(counter(ANN)), LATER, "key_2"));
        get(move(ledger, ANN));
        // Then
        assertThat(get(ledger.sum(counter(ANN)))).isZero();
        assertThat(differences()).isEmpty();
    }

    @Test
    default void recount_keeps_what_was_moved() {
        // Given
        var ledger = openEmpty();
        get(ledger.append(List.of(used(1, VISITOR, 30), used(2, BOB, 2))));
        get(move(ledger, ANN));
        // When
        get(ledger.recount(List.of(new Recount(ACME, TOKENS_A_DAY, counter(ANN).window()))));
        // Then
        assertThat(get(ledger.sum(counter(ANN)))).isEqualTo(30);
        assertThat(get(ledger.sum(counter(BOB)))).isEqualTo(2);
        assertThat(differences()).isEmpty();
    }

    @Test
    default void moves_are_found_by_who_moved_and_since_when() {
        // Given
        var ledger = openEmpty();
        var moves = (Moves) ledger;
        // When
        var moved = get(move(ledger, ANN));
        // Then
        assertThat(get(moves.moved(ACME, VISITOR))).contains(moved);
        assertThat(get(moves.moved(ACME, ANN))).isEmpty();
        assertThat(get(moves.movedSince(LATER))).containsExactly(moved);
        assertThat(get(moves.movedSince(LATER.plusSeconds(1)))).isEmpty();
    }

    @Test
    default void networks_are_recounted_from_the_names_of_visitors_alone() {
        // Given
        var ledger = openEmpty();
        var other = new SubjectKey("anon_0123456789abcdef_ffffffffffffffffffffffff");
        var elsewhere = new SubjectKey("anon_ffffffffffffffff_0123456789abcdef01234567");
        var odd = List.of(
                "anon_0123456789abcdef_0123456789abcdef0123456G",
                "anon_0123456789abcdeX_0123456789abcdef01234567",
                "anon_0123456789abcdef-0123456789abcdef01234567",
                "anon_0123456789abcdef_0123456789abcdef012345678");
        get(ledger.append(List.of(used(1, VISITOR, 30), used(2, other, 5), used(3, elsewhere, 7), used(4, ANN, 9))));
        for (int i = 0; i < odd.size(); i++) {
            get(ledger.append(List.of(used(10 + i, new SubjectKey(odd.get(i)), 1000))));
        }
        var day = TOKENS_A_NETWORK.window().at(START, WindowCalendar.UTC);
        // When
        get(ledger.recount(List.of(new Recount(ACME, TOKENS_A_NETWORK, day))));
        // Then
        assertThat(get(ledger.sum(new CounterKey(ACME, TOKENS_A_NETWORK, "0123456789abcdef", day))))
                .isEqualTo(35);
        assertThat(get(ledger.sum(new CounterKey(ACME, TOKENS_A_NETWORK, "ffffffffffffffff", day))))
                .isEqualTo(7);
    }
}
