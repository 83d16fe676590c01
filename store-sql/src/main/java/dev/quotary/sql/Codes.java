package dev.quotary.sql;

import dev.quotary.ledger.Evidence;
import dev.quotary.ledger.Outcome;

/** Enum constants as the ledger stores them: numbers that never change, whatever becomes of the order of the constants. */
public final class Codes {
    private Codes() {}

    public static int of(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> 0;
            case ERROR -> 1;
            case CANCELLED -> 2;
            case INTERRUPTED -> 3;
        };
    }

    public static Outcome outcome(long code) {
        for (var outcome : Outcome.values()) {
            if (of(outcome) == code) {
                return outcome;
            }
        }
        throw new IllegalStateException("expected the code of an outcome in the ledger, was " + code);
    }

    public static int of(Evidence evidence) {
        return switch (evidence) {
            case PROVIDER -> 0;
            case PARTIAL -> 1;
            case ESTIMATE -> 2;
            case REPORTED -> 3;
        };
    }

    public static Evidence evidence(long code) {
        for (var evidence : Evidence.values()) {
            if (of(evidence) == code) {
                return evidence;
            }
        }
        throw new IllegalStateException("expected the code of an evidence in the ledger, was " + code);
    }
}
