package dev.quotary.client;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Logs what somebody should know of; nothing of what calls are about. That the server is away and back is a line each, however much usage
 * is kept meanwhile; what is lost is a line for every usage.
 */
final class LoggingListener implements UsageListener {
    private static final System.Logger LOG = System.getLogger("dev.quotary.client");

    private final AtomicBoolean keeping = new AtomicBoolean();

    @Override
    public void kept(String id, String reason) {
        LOG.log(Level.DEBUG, "Usage {0} is kept: {1}", id, reason);
        if (keeping.compareAndSet(false, true)) {
            LOG.log(Level.WARNING, "Usage is kept from now on, to be sent later: {0}", reason);
        }
    }

    @Override
    public void sent(String id) {
        LOG.log(Level.DEBUG, "Usage {0} is recorded now", id);
        if (keeping.compareAndSet(true, false)) {
            LOG.log(Level.INFO, "Kept usage is recorded again");
        }
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
