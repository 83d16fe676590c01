package dev.quotary.sync;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where a batch is on its way into the ledger. */
public sealed interface SyncState {
    /** For lists and filters. */
    Kind kind();

    enum Kind {
        PENDING("pending"),
        PARKED("parked"),
        DONE("done");

        private final String key;

        Kind(String key) {
            this.key = key;
        }

        public String key() {
            return key;
        }
    }

    /**
     * It will be tried.
     *
     * @param attempts how often it was begun
     * @param dueAt when it is tried next
     * @param last why the last attempt failed; null before one did
     */
    record Pending(int attempts, Instant dueAt, @Nullable Failure last) implements SyncState {
        /**
         * If whoever began an attempt has not ended it by then, another one is made: he may have died. If he has not, two record the same,
         * which counts once, and the second one says how it ended.
         */
        private static final Duration ATTEMPT = Duration.ofSeconds(10);

        private static final Duration PAUSE = Duration.ofSeconds(1);
        private static final int PAUSE_FACTOR = 4;

        @Override
        public Kind kind() {
            return Kind.PENDING;
        }

        /** Somebody tries it now, and nobody else until it is due again. */
        public Pending begun(Instant now) {
            return new Pending(attempts + 1, now.plus(ATTEMPT), last);
        }

        /** After an attempt that failed: later again, up to {@link Sync#RETRIES_MAX} times. */
        public SyncState failed(Failure why) {
            if (attempts > Sync.RETRIES_MAX) {
                return parked(why);
            }
            var pause = PAUSE;
            for (int i = 1; i < attempts; i++) {
                pause = pause.multipliedBy(PAUSE_FACTOR);
            }
            return new Pending(attempts, why.at().plus(pause), why);
        }

        /** After an attempt that failed as all others would. */
        public Parked parked(Failure why) {
            return new Parked(attempts, why.at(), why);
        }
    }

    /** It is not tried any more until somebody resumes it. */
    record Parked(int attempts, Instant at, Failure why) implements SyncState {
        @Override
        public Kind kind() {
            return Kind.PARKED;
        }

        /** Tried again as if for the first time. */
        public Pending resumed(Instant now) {
            return new Pending(0, now, why);
        }
    }

    /** It is in the ledger, and its content is not kept beside that. */
    record Done(int attempts, Instant at, int recorded, int duplicates) implements SyncState {
        @Override
        public Kind kind() {
            return Kind.DONE;
        }
    }
}
