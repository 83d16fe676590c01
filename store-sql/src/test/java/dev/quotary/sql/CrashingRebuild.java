package dev.quotary.sql;

import dev.quotary.testkit.AuditContract;
import dev.quotary.testkit.LedgerSamples;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** The process that {@link SqliteRebuildCrashTest} kills: rebuilds the sums, and writes a byte for each difference that it mends. */
final class CrashingRebuild {
    private CrashingRebuild() {}

    public static void main(String[] arguments) throws IOException {
        var out = new FileOutputStream(FileDescriptor.out);
        new SqliteAudit(Path.of(arguments[0]))
                .rebuild(AuditContract.Everything.COUNTED, LedgerSamples.START, _ -> tell(out));
        out.write('.');
    }

    /** One write each: what the parent has read was found before. */
    private static void tell(FileOutputStream out) {
        try {
            out.write('d');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
