package dev.quotary.simulator;

/** How a call ends. */
sealed interface Ending {
    /** With a whole answer. */
    record Complete() implements Ending {}

    /** With an error instead of an answer. */
    record Refused(int status) implements Ending {}

    /** Not at all, until the client goes. */
    record Hanging() implements Ending {}

    /** With a lost connection after so many chunks with text. */
    record CutAfter(int chunks) implements Ending {}

    /** With an error event after so many chunks with text. */
    record ErrorAfter(int chunks) implements Ending {}
}
