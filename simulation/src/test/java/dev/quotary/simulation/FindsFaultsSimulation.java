package dev.quotary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.call.OrganizationKey;
import dev.quotary.call.ReservationId;
import dev.quotary.ledger.Appended;
import dev.quotary.ledger.Entry;
import dev.quotary.ledger.Follower;
import dev.quotary.ledger.Ledger;
import dev.quotary.ledger.UsageEvent;
import dev.quotary.limit.Admission;
import dev.quotary.limit.Charge;
import dev.quotary.limit.CounterKey;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Leeway;
import dev.quotary.limit.Levels;
import dev.quotary.limit.Past;
import dev.quotary.limit.Posting;
import dev.quotary.limit.RecoverableLimiter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Breaks one thing at a time, and sees that the simulation finds it: a simulation that finds nothing proves nothing. */
class FindsFaultsSimulation {
    private static final int SEEDS_MAX = 400;

    private static void finds(String invariant, Breakage breakage) {
        var failure = Simulation.find(1, SEEDS_MAX, MemoryLedger.Storage::new, breakage);
        assertThat(failure)
                .as("the fault is found within " + SEEDS_MAX + " seeds")
                .isPresent();
        assertThat(failure.get().cause()).hasMessageContaining(invariant);
    }

    private interface LimiterFault {
        RecoverableLimiter in(RecoverableLimiter limiter);
    }

    private static Breakage limiter(LimiterFault fault) {
        return new Breakage() {
            @Override
            public RecoverableLimiter limiter(RecoverableLimiter limiter) {
                return fault.in(limiter);
            }
        };
    }

    private interface LedgerFault {
        Ledger in(Ledger ledger);
    }

    private static Breakage ledger(LedgerFault fault) {
        return new Breakage() {
            @Override
            public Ledger ledger(Ledger ledger) {
                return fault.in(ledger);
            }
        };
    }

    @Test
    void limiter_that_names_one_of_several_violated_limits() {
        finds("INV-1:", limiter(limiter -> new ForwardingLimiter(limiter) {
            @Override
            public Admission reserve(Hold proposal, Instant now) {
                var admission = super.reserve(proposal, now);
                return admission instanceof Admission.Denied denied
                        ? new Admission.Denied(onlyFirst(denied.levels(), proposal.charges(), now))
                        : admission;
            }
        }));
    }

    private static Levels onlyFirst(Levels levels, List<Charge> charges, Instant now) {
        long[] used = new long[levels.size()];
        long[] held = new long[levels.size()];
        var past = new @Nullable Past[levels.size()];
        boolean named = false;
        for (int i = 0; i < used.length; i++) {
            boolean fits = charges.get(i).fits(levels.used(i), levels.held(i), levels.past(i), now);
            used[i] = named && !fits ? 0 : levels.used(i);
            held[i] = named && !fits ? 0 : levels.held(i);
            past[i] = levels.past(i);
            named |= !fits;
        }
        return new Levels(used, held, past);
    }

    @Test
    void limiter_whose_graces_never_end() {
        finds("a grace begins with the first call", limiter(limiter -> new ForwardingLimiter(limiter) {
            @Override
            public Admission reserve(Hold proposal, Instant now) {
                return super.reserve(
                        proposal.charged(proposal.charges().stream()
                                .map(FindsFaultsSimulation::always)
                                .toList()),
                        now);
            }
        }));
    }

    private static Charge always(Charge charge) {
        var leeways = charge.leeways().stream()
                .map(leeway -> new Leeway(leeway.maximum(), leeway.burst(), leeway.beyond(), Duration.ZERO))
                .toList();
        return new Charge(charge.counter(), charge.amount(), charge.maximum(), leeways);
    }

    @Test
    void restart_that_begins_graces_anew() {
        finds("a grace begins with the first call", new Breakage() {
            @Override
            public RecoverableLimiter recovering(RecoverableLimiter limiter) {
                return new ForwardingLimiter(limiter) {
                    @Override
                    public void exceeded(CounterKey counter, @Nullable Instant at) {
                        // Nobody is told.
                    }
                };
            }
        });
    }

    @Test
    void limiter_that_admits_one_too_many() {
        finds("INV-2:", limiter(limiter -> new ForwardingLimiter(limiter) {
            @Override
            public Admission reserve(Hold proposal, Instant now) {
                var lenient = proposal.charges().stream()
                        .map(charge -> new Charge(
                                charge.counter(),
                                charge.amount(),
                                charge.maximum() == Long.MAX_VALUE ? Long.MAX_VALUE : charge.maximum() + 1))
                        .toList();
                return super.reserve(charged(proposal, lenient), now);
            }
        }));
    }

    private static Hold charged(Hold hold, List<Charge> charges) {
        return Decisions.withChargesOf(
                new Hold(
                        hold.id(),
                        hold.call(),
                        hold.amounts(),
                        charges,
                        hold.admittedAt(),
                        hold.expiresAt(),
                        hold.origin(),
                        hold.fingerprint()),
                hold);
    }

    @Test
    void limiter_that_frees_expired_holds_too_late() {
        finds("INV-3:", limiter(limiter -> new ForwardingLimiter(limiter) {
            @Override
            public Levels levels(OrganizationKey organization, List<CounterKey> counters, Instant now) {
                return super.levels(organization, counters, now.minus(Duration.ofHours(1)));
            }
        }));
    }

    @Test
    void limiter_whose_holds_are_not_journaled() {
        finds("INV-3:", limiter(limiter -> new ForwardingLimiter(limiter) {
            @Override
            public Admission reserve(Hold proposal, Instant now) {
                return super.reserveUnkept(proposal, now).orElseThrow();
            }
        }));
    }

    @Test
    void journal_that_keeps_what_was_released() {
        var everHeld = new ArrayList<Hold>();
        finds("INV-3:", new Breakage() {
            @Override
            public RecoverableLimiter limiter(RecoverableLimiter limiter) {
                return new ForwardingLimiter(limiter) {
                    @Override
                    public Optional<Hold> release(OrganizationKey organization, ReservationId id, Instant now) {
                        var released = super.release(organization, id, now);
                        released.ifPresent(everHeld::add);
                        return released;
                    }
                };
            }

            @Override
            public RecoverableLimiter recovering(RecoverableLimiter limiter) {
                return new ForwardingLimiter(limiter) {
                    @Override
                    public List<Hold> openHolds() {
                        var holds = new ArrayList<>(super.openHolds());
                        holds.addAll(everHeld);
                        everHeld.clear();
                        return holds;
                    }
                };
            }
        });
    }

    @Test
    void recovery_that_forgets_gateway_calls() {
        finds("INV-3:", new Breakage() {
            @Override
            public RecoverableLimiter recovering(RecoverableLimiter limiter) {
                return new ForwardingLimiter(limiter) {
                    @Override
                    public List<Hold> openHolds() {
                        return super.openHolds().stream()
                                .filter(hold -> hold.origin() == Hold.Origin.API)
                                .toList();
                    }
                };
            }
        });
    }

    @Test
    void use_charged_to_the_window_of_its_commit() {
        finds("INV-", new Breakage() {
            @Override
            public Follower follower(Follower follower, InstantSource clock) {
                return changed(
                        follower,
                        entry -> new Entry(
                                entry.event(),
                                entry.postings().stream()
                                        .map(posting -> now(posting, clock.instant()))
                                        .toList()));
            }
        });
    }

    private static Posting now(Posting posting, Instant now) {
        var counter = posting.counter();
        var window = counter.counted().window().at(now, Rule.CALENDAR);
        return new Posting(counter.in(window), posting.amount(), posting.level());
    }

    private interface EntryFault {
        Entry in(Entry entry);
    }

    private static Follower changed(Follower follower, EntryFault fault) {
        return new Follower() {
            @Override
            public void recorded(Entry entry) {
                follower.recorded(fault.in(entry));
            }

            @Override
            public void recounted(CounterKey counter, long used) {
                follower.recounted(counter, used);
            }
        };
    }

    @Test
    void ledger_that_answers_before_it_is_durable() {
        finds("INV-6:", ledger(ledger -> new ForwardingLedger(ledger) {
            @Override
            public CompletionStage<List<Appended>> append(List<Entry> entries) {
                var _ = super.append(entries);
                return CompletableFuture.completedStage(entries.stream()
                        .map(entry -> (Appended) new Appended.Recorded(entry.event()))
                        .toList());
            }
        }));
    }

    @Test
    void ledger_that_forgets_to_mark_what_is_late() {
        finds("INV-6:", ledger(ledger -> new ForwardingLedger(ledger) {
            @Override
            public CompletionStage<List<Appended>> append(List<Entry> entries) {
                return super.append(entries.stream()
                        .map(entry -> new Entry(inTime(entry.event()), entry.postings(), entry.levels()))
                        .toList());
            }
        }));
    }

    private static UsageEvent inTime(UsageEvent event) {
        return new UsageEvent(
                event.id(),
                event.time(),
                event.call(),
                event.metered(),
                event.result().lateIf(false),
                event.estimate(),
                event.metadata(),
                event.fingerprint());
    }

    @Test
    void ledger_that_records_a_repeat_again() {
        finds("INV-6:", ledger(ledger -> new ForwardingLedger(ledger) {
            private long repeats;

            @Override
            public CompletionStage<List<Appended>> append(List<Entry> entries) {
                return super.append(entries)
                        .thenCompose(answers -> answers.stream().allMatch(Appended.Duplicate.class::isInstance)
                                ? super.append(entries.stream().map(this::anew).toList())
                                : CompletableFuture.completedStage(answers));
            }

            private Entry anew(Entry entry) {
                var event = entry.event();
                var id = new dev.quotary.call.EventId(3, ++repeats);
                return new Entry(
                        new UsageEvent(
                                id,
                                event.time(),
                                event.call(),
                                event.metered(),
                                event.result(),
                                event.estimate(),
                                event.metadata(),
                                event.fingerprint()),
                        entry.postings(),
                        entry.levels());
            }
        }));
    }

    @Test
    void ledger_whose_follower_is_told_twice() {
        finds("INV-7:", new Breakage() {
            @Override
            public Follower follower(Follower follower, InstantSource clock) {
                return changed(follower, entry -> {
                    follower.recorded(entry);
                    return entry;
                });
            }
        });
    }

    @Test
    void limiter_that_answers_a_repeat_anew() {
        finds("INV-13:", limiter(limiter -> new ForwardingLimiter(limiter) {
            @Override
            public Admission reserve(Hold proposal, Instant now) {
                var admission = super.reserve(proposal, now);
                return admission instanceof Admission.Granted granted && granted.repeated()
                        ? new Admission.Granted(proposal, granted.levels(), false)
                        : admission;
            }
        }));
    }

    /** What a failure shows is short, and fails again. */
    @Test
    void a_failure_is_reduced_to_the_steps_that_matter() {
        // Given
        var forgetful = limiter(limiter -> new ForwardingLimiter(limiter) {
            @Override
            public Admission reserve(Hold proposal, Instant now) {
                return super.reserveUnkept(proposal, now).orElseThrow();
            }
        });
        var failure = Simulation.find(1, SEEDS_MAX, MemoryLedger.Storage::new, forgetful)
                .orElseThrow();
        // When
        var shortest = Simulation.shortest(failure, MemoryLedger.Storage::new, forgetful);
        // Then
        assertThat(shortest.steps()).isLessThanOrEqualTo(10).isLessThan(failure.steps());
        assertThat(shortest.text()).contains("-Dquotary.seed=" + failure.seed(), "reserve r1", "INV-3:");
    }

    @Test
    void the_same_seed_is_the_same_run() {
        // Given
        var first = Simulation.trace(7);
        // When
        var second = Simulation.trace(7);
        // Then
        assertThat(second).isEqualTo(first).hasSizeGreaterThan(20);
    }
}
