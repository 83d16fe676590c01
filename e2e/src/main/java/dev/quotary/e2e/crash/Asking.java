package dev.quotary.e2e.crash;

import dev.quotary.e2e.crash.Api.Answer;
import java.io.IOException;

/** Asks the server for something that is there. */
@FunctionalInterface
interface Asking {
    /** @throws IOException if the answer did not come, or not whole */
    Answer get(String path) throws IOException;
}
