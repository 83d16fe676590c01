package dev.quotary.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener that keeps what it hears, one line each. */
final class Heard implements UsageListener {
    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    @Override
    public void kept(String id, String reason) {
        lines.add("kept " + id);
    }

    @Override
    public void sent(String id) {
        lines.add("sent " + id);
    }

    @Override
    public void dropped(String id, String reason, String content) {
        lines.add("dropped " + id + ": " + reason);
    }

    @Override
    public void estimated(String id, String reason) {
        lines.add("estimated " + id + ": " + reason);
    }

    @Override
    public void damaged(Path aside, int count) {
        lines.add("damaged " + count);
    }

    @Override
    public void diskFailed(IOException cause) {
        lines.add("disk failed");
    }

    /** The next line; waits for it. */
    String next() {
        try {
            var line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("nothing was told within " + PATIENCE_SECONDS + " s");
            }
            return line;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean nothing() {
        return lines.isEmpty();
    }
}
