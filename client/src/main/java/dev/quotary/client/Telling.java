package dev.quotary.client;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/** A listener that may throw: what it throws is logged, and stops nobody. */
record Telling(UsageListener listener) implements UsageListener {
    private static final System.Logger LOG = System.getLogger("dev.quotary.client");

    @Override
    public void kept(String id, String reason) {
        guarded(() -> listener.kept(id, reason));
    }

    @Override
    public void sent(String id) {
        guarded(() -> listener.sent(id));
    }

    @Override
    public void dropped(String id, String reason, String content) {
        guarded(() -> listener.dropped(id, reason, content));
    }

    @Override
    public void estimated(String id, String reason) {
        guarded(() -> listener.estimated(id, reason));
    }

    @Override
    public void damaged(Path aside, int lines) {
        guarded(() -> listener.damaged(aside, lines));
    }

    @Override
    public void diskFailed(IOException cause) {
        guarded(() -> listener.diskFailed(cause));
    }

    private static void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A listener of unsent usage failed", e);
        }
    }
}
