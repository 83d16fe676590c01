package dev.quotary.sql;

import dev.quotary.journal.JournalFile;
import dev.quotary.journal.Records;
import dev.quotary.limit.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what an earlier run left in its {@link IntakeLog} into the database, before anything else happens. Dying in the middle of it is
 * harmless: the next start does it again, and no entry counts twice.
 */
final class IntakeRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(IntakeRecovery.class);

    private final GroupWriter writer;
    private final JournalFile.Opener opener;

    IntakeRecovery(GroupWriter writer, JournalFile.Opener opener) {
        this.writer = writer;
        this.opener = opener;
    }

    /**
     * Blocks until everything is in the database, and deletes the files.
     *
     * @throws StoreUnavailableException if a file cannot be read, or the database does not take it; nothing is deleted then
     */
    void run(Path database) {
        try {
            for (var segment : IntakeLog.leftBehind(database)) {
                int entries = fold(segment);
                Files.deleteIfExists(segment);
                LOG.atInfo()
                        .addKeyValue("file", segment.getFileName())
                        .addKeyValue("entries", entries)
                        .log("brought what the last run left into the database");
            }
        } catch (IOException e) {
            throw new StoreUnavailableException("reading the intake of the ledger beside " + database, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException("reading the intake of the ledger beside " + database, e);
        }
    }

    private int fold(Path segment) throws IOException, InterruptedException {
        var drafts = new ArrayList<Draft>();
        try (var file = opener.open(segment)) {
            Records.read(file.readAll(), in -> drafts.addAll(EntryCodec.read(in)));
        }
        for (int at = 0; at < drafts.size(); at += GroupWriter.ROWS_PER_TRANSACTION) {
            fold(drafts.subList(at, Math.min(drafts.size(), at + GroupWriter.ROWS_PER_TRANSACTION)));
        }
        return drafts.size();
    }

    private void fold(List<Draft> drafts) throws InterruptedException {
        var fold = new FoldWork(drafts, () -> {});
        writer.submit(fold);
        fold.await();
        var failure = fold.failure();
        if (failure != null) {
            throw failure;
        }
    }
}
