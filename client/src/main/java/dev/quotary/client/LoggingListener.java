package dev.quotary.client;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/** Logs what somebody should know of; nothing of what calls are about. */
final class LoggingListener implements UsageListener {
    private static final System.Logger LOG = System.getLogger("dev.quotary.client");

    @Override
    public void kept(String id, String reason) {
        LOG.log(Level.WARNING, "Usage {0} is kept, to be sent later: {1}", id, reason);
    }

    @Override
    public void sent(String id) {
        LOG.log(Level.INFO, "Usage {0} is recorded now", id);
    }

    @Override
    public void dropped(String id, String reason, String content) {
        LOG.log(Level.ERROR, "Usage {0} is lost: {1}", id, reason);
    }

    @Override
    public void estimated(String id, String reason) {
        LOG.log(Level.WARNING, "Usage {0} is recorded as what was held: {1}", id, reason);
    }

    @Override
    public void damaged(Path aside, int lines) {
        LOG.log(Level.ERROR, "{0} lines of unsent usage could not be read; they are in {1}", lines, aside);
    }

    @Override
    public void diskFailed(IOException cause) {
        LOG.log(Level.ERROR, "Unsent usage cannot be written, and is kept in memory alone", cause);
    }
}
