package dev.quotary.provider.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * A change of a document as bytes: puts a text in the place of the bytes from {@code from} to before {@code to}. All other bytes stay as
 * they were written, which no parser and writer would keep.
 */
public record Edit(int from, int to, String text) {
    /**
     * The changed document.
     *
     * @param edits in any order; no two may overlap
     * @return the same array if there are none
     */
    public static byte[] apply(byte[] document, List<Edit> edits) {
        if (edits.isEmpty()) {
            return document;
        }
        var changed = new ByteArrayOutputStream(document.length + 80);
        int at = 0;
        for (Edit edit :
                edits.stream().sorted(Comparator.comparingInt(Edit::from)).toList()) {
            changed.write(document, at, edit.from() - at);
            changed.writeBytes(edit.text().getBytes(StandardCharsets.UTF_8));
            at = edit.to();
        }
        changed.write(document, at, document.length - at);
        return changed.toByteArray();
    }
}
