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

    /** With the end of a stream after so many chunks with text, as if that were all: nothing tells that more was to come. */
    record TruncatedAfter(int chunks) implements Ending {}

    /** With an error event after so many chunks with text. */
    record ErrorAfter(int chunks) implements Ending {}
}
