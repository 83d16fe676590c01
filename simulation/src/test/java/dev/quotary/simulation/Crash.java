package dev.quotary.simulation;

/** The process dies here. An error, so that no code under test takes it for a failure that it could handle. */
final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash(String where) {
        super(where, null, false, false);
    }
}
