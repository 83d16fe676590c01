package dev.quotary.client;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Hears what becomes of usage that could not be told at once, or not as it was meant. Called by the SDK's own threads: to return soon, and
 * not to throw. Without one of its own, a client logs all of this by {@link System.Logger} {@code dev.quotary.client}.
 */
public interface UsageListener {
    /** Kept, to be told again. */
    default void kept(String id, String reason) {}

    /** Kept before, and in the ledger now. */
    default void sent(String id) {}

    /**
     * Lost: the server refused it for good, or there was no room to keep it.
     *
     * @param content what was to be sent, as JSON; it may hold the metadata
     */
    default void dropped(String id, String reason, String content) {}

    /** Told as what was held, its upper bound, as what was really used could not be read. */
    default void estimated(String id, String reason) {}

    /** Lines of the file of what is unsent could not be read; they were moved to {@code aside}. */
    default void damaged(Path aside, int lines) {}

    /** The file of what is unsent cannot be written. What is kept is kept in memory alone. */
    default void diskFailed(IOException cause) {}
}
