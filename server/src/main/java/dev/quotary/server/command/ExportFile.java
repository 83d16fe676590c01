package dev.quotary.server.command;

import dev.quotary.http.Documents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file that an export is written to, which knows where its last whole line begins and ends: there it can be gone on with, whatever broke the
 * export off. Lines of CSV may go on over several lines where they are in quotes.
 */
final class ExportFile implements AutoCloseable {
    private static final int PIECE_BYTES = 64 * 1024;
    private static final int HOUR_COLUMN = 9;

    private final Kind kind;
    private final RandomAccessFile file;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean quoted;
    private long length;
    private long lines;
    private long lineBegin;
    private Optional<String> place = Optional.empty();
    private long placeBegin;
    private long placeLines;
    private boolean headLeftOut;

    /** What a line is, and what of it says where to go on. */
    enum Kind {
        CSV,
        JSONL,
        FOCUS
    }

    private ExportFile(Kind kind, RandomAccessFile file) {
        this.kind = kind;
        this.file = file;
    }

    /** @param resumed whether to keep the whole lines that are in the file already */
    static ExportFile open(Path path, Kind kind, boolean resumed) throws IOException {
        var file = new RandomAccessFile(path.toFile(), "rw");
        try {
            var export = new ExportFile(kind, file);
            if (resumed) {
                export.scan();
            } else {
                file.setLength(0);
            }
            return export;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void scan() throws IOException {
        var piece = new byte[PIECE_BYTES];
        for (int read = file.read(piece); read > 0; read = file.read(piece)) {
            for (int i = 0; i < read; i++) {
                take(piece[i]);
            }
        }
        rewind();
    }

    /** Where to go on: the id of the last event, or of a FOCUS file the beginning of its last hour; empty for the beginning. */
    Optional<String> place() {
        return place;
    }

    /** Whole lines so far, without the line of names. */
    long events() {
        return Math.max(0, lines - (kind == Kind.JSONL ? 0 : 1));
    }

    long bytes() {
        return length;
    }

    /** Takes off what is not whole. Of a FOCUS file the last hour comes again, so it goes too. */
    void rewind() throws IOException {
        // A file without any event begins anew, names included.
        long end = place.isEmpty() ? 0 : kind == Kind.FOCUS ? placeBegin : lineBegin;
        lines = place.isEmpty() ? 0 : kind == Kind.FOCUS ? placeLines : lines;
        file.setLength(end);
        file.seek(end);
        length = end;
        lineBegin = end;
        line.reset();
        quoted = false;
        headLeftOut = kind == Kind.FOCUS && end > 0;
    }

    /** Writes what comes, to its end. */
    void write(InputStream in, Progress progress) throws IOException {
        var piece = new byte[PIECE_BYTES];
        int skip = headLeftOut ? 1 : 0;
        for (int read = in.read(piece); read > 0; read = in.read(piece)) {
            int from = 0;
            while (skip > 0 && from < read) {
                skip -= piece[from++] == '\n' ? 1 : 0;
            }
            file.write(piece, from, read - from);
            for (int i = from; i < read; i++) {
                take(piece[i]);
            }
            progress.at(this);
        }
        headLeftOut = false;
    }

    /** Told now and then how far an export is. */
    interface Progress {
        void at(ExportFile file);
    }

    private void take(byte octet) {
        length++;
        line.write(octet);
        quoted ^= kind != Kind.JSONL && octet == '"';
        if (octet == '\n' && !quoted) {
            lines++;
            ended(line.toString(StandardCharsets.UTF_8));
            line.reset();
            lineBegin = length;
        }
    }

    private void ended(String text) {
        if (kind != Kind.JSONL && lines == 1) {
            return;
        }
        var found = switch (kind) {
            case CSV -> text.substring(0, text.indexOf(','));
            case JSONL -> Documents.json(text).fields().need("id").string();
            case FOCUS -> column(text, HOUR_COLUMN);
        };
        if (place.isEmpty() || !place.get().equals(found)) {
            place = Optional.of(found);
            placeBegin = lineBegin;
            placeLines = lines - 1;
        }
    }

    private static String column(String line, int index) {
        int column = 0;
        boolean inside = false;
        int begin = 0;
        for (int i = 0; i < line.length(); i++) {
            inside ^= line.charAt(i) == '"';
            if (line.charAt(i) == ',' && !inside) {
                if (column == index) {
                    return line.substring(begin, i);
                }
                column++;
                begin = i + 1;
            }
        }
        throw new CommandFailure("The file has lines that no FOCUS export writes; it cannot be gone on with.");
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
