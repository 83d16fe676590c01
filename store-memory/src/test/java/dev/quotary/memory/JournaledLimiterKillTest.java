package dev.quotary.memory;

import static dev.quotary.testkit.Holds.ORGANIZATION;
import static dev.quotary.testkit.Holds.START;
import static dev.quotary.testkit.Holds.hold;
import static dev.quotary.testkit.Holds.id;
import static dev.quotary.testkit.LimiterContract.TOKENS;
import static dev.quotary.testkit.LimiterContract.charge;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quotary.limit.Admission;
import dev.quotary.limit.Hold;
import dev.quotary.limit.Limiter;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of its own reserves and says what it was granted, until it is killed without warning. */
class JournaledLimiterKillTest {
    private static final int KILLS = 5;
    /** Small enough to compact many times before the kill. */
    private static final long COMPACT_AT_BYTES = 20_000;

    @TempDir
    private Path directory;

    @Test
    void every_acknowledged_hold_survives_the_process_and_no_released_one() throws Exception {
        for (int kill = 1; kill <= KILLS; kill++) {
            // Given
            var file = directory.resolve("holds" + kill);
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Victim.class.getName(),
                            file.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var said = new Said();
            // When
            try (var lines = process.inputReader()) {
                said.read(lines, kill * 700);
                process.toHandle().destroyForcibly(); // Process.destroyForcibly would close the pipe before it is read.
                said.read(lines, Integer.MAX_VALUE);
            }
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            // Then
            try (var journal = HoldJournal.open(file, COMPACT_AT_BYTES)) {
                var open = journal.openHolds().stream()
                        .map(Hold::id)
                        .map(id -> id.low())
                        .toList();
                assertThat(open).containsAll(said.mustStand).doesNotContainAnyElementsOf(said.mustBeGone);
                assertThat(said.mustStand).isNotEmpty();
                assertThat(said.mustBeGone).isNotEmpty();
            }
        }
    }

    /** What the process said before it died. Between "releasing" and "released" either is right. */
    private static final class Said {
        final Set<Long> mustStand = new HashSet<>();
        final Set<Long> mustBeGone = new HashSet<>();

        void read(BufferedReader lines, int count) throws IOException {
            for (int i = 0; i < count; i++) {
                var line = lines.readLine();
                if (line == null) {
                    return;
                }
                var words = line.split(" ", -1);
                if (words.length < 3) {
                    return; // Cut off by the kill.
                }
                long number = Long.parseLong(words[1]);
                switch (words[0]) {
                    case "held" -> mustStand.add(number);
                    case "releasing" -> mustStand.remove(number);
                    case "released" -> mustBeGone.add(number);
                    default -> throw new AssertionError("unexpected: " + line);
                }
            }
        }
    }

    /** Reserves on two threads, releases two thirds of it, and says so. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) {
            var journal = HoldJournal.open(Path.of(arguments[0]), COMPACT_AT_BYTES);
            var limiter = new JournaledLimiter(new MemoryLimiter(), journal);
            Thread.ofPlatform().start(() -> reserve(limiter, 0));
            Thread.ofPlatform().daemon().start(() -> sync(journal));
            reserve(limiter, 1);
        }

        /** Compacts again and again, so that some kill comes in the middle of it. */
        private static void sync(HoldJournal journal) {
            while (true) {
                journal.sync();
            }
        }

        private static void reserve(Limiter limiter, long first) {
            for (long number = first; number < 1_000_000; number += 2) {
                var hold = hold(number, START, charge(TOKENS, 1, 1_000_000));
                if (!(limiter.reserve(hold, START) instanceof Admission.Granted)) {
                    throw new AssertionError("there is room for all");
                }
                say("held", number);
                if (number % 3 != 0) {
                    say("releasing", number);
                    limiter.release(ORGANIZATION, id(number), START);
                    say("released", number);
                }
            }
        }

        /** The word behind the number tells a whole line from one cut off. */
        private static void say(String what, long number) {
            System.out.print(what + " " + number + " .\n");
            System.out.flush();
        }
    }
}
