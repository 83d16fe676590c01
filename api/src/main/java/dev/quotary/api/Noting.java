package dev.quotary.api;

import dev.quotary.api.declare.Declaring;
import dev.quotary.catalog.AuditEntry;
import dev.quotary.catalog.CatalogStore;
import dev.quotary.http.Answers;
import dev.quotary.limit.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the audit log what the ledger did. It is noted afterwards, in a transaction of its own: the ledger itself keeps who did it,
 * in the transaction that does it, so that nothing is unknown where the process dies in between.
 */
record Noting(Declaring declaring, InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(Noting.class);

    /** Blocks. A failure is logged: what was done is done, and must not be repeated for the sake of its note. */
    void done(Exchange exchange, CatalogStore.Name object, AuditEntry.Action action, Answers.Writer after) {
        var text = new String(Answers.bytes(after), StandardCharsets.UTF_8);
        var entry = new AuditEntry(clock.instant(), exchange.actor(), object, action, null, text);
        try {
            declaring.note(entry);
        } catch (StoreUnavailableException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("action", action.key())
                    .addKeyValue("key", object.key())
                    .addKeyValue("actor", entry.actor().id())
                    .log("the audit log lacks an entry");
        }
    }
}
