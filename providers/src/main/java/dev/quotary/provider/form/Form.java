package dev.quotary.provider.form;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The parts of a form, found in one pass over its bytes. */
public final class Form {
    static final int PARTS_MAX = 128;

    private static final String NOT_A_FORM = "The request body is not one well-formed multipart/form-data form: ";

    private final byte[] body;
    private final List<Part> parts = new ArrayList<>();
    private @Nullable String wrong;

    private Form(byte[] body) {
        this.body = body;
    }

    /** @param contentType the header of the request */
    public static Form read(Optional<String> contentType, byte[] body) {
        var form = new Form(body);
        var boundary = contentType.flatMap(Boundary::of);
        if (boundary.isEmpty()) {
            form.wrong("expected the header content-type: multipart/form-data with a boundary");
        } else {
            form.read(boundary.get());
        }
        return form;
    }

    /** Why the body is no form. */
    public Optional<String> wrong() {
        return Optional.ofNullable(wrong).map(reason -> NOT_A_FORM + reason + ".");
    }

    /** In the order they came. */
    public List<Part> parts() {
        return List.copyOf(parts);
    }

    /** The content of a part as text. */
    public String text(Part part) {
        return new String(body, part.from(), part.length(), StandardCharsets.UTF_8);
    }

    private void wrong(String reason) {
        wrong = wrong == null ? reason : wrong;
    }

    private void read(Boundary boundary) {
        int at = boundary.opening(body);
        if (at < 0) {
            wrong("it does not begin with its boundary");
        }
        while (wrong == null && at >= 0) {
            at = parts.size() < PARTS_MAX ? part(at, boundary) : tooMany();
        }
    }

    private int tooMany() {
        wrong("it has more than " + PARTS_MAX + " parts");
        return -1;
    }

    /** Reads the part whose header begins here; gives where the next one begins, or -1 if this was the last. */
    private int part(int at, Boundary boundary) {
        var header = PartHeader.read(body, at);
        if (header.wrong().isPresent()) {
            wrong(header.wrong().get());
            return -1;
        }
        if (boundary.opens(body, header.end())) {
            // Some parsers take the line end of the header for the one before the boundary, and this part for an empty
            // one.
            wrong("the content of a part begins with the boundary");
            return -1;
        }
        int end = boundary.find(body, header.end());
        if (end < 0) {
            wrong("its last part has no end");
            return -1;
        }
        parts.add(new Part(header.name(), header.file(), header.end(), end));
        int after = end + boundary.length();
        if (follows(after, "\r\n")) {
            return after + 2;
        }
        boolean closed = follows(after, "--") && (after + 2 == body.length || follows(after + 2, "\r\n"));
        if (!closed || after + 4 < body.length) {
            wrong("a boundary is followed by something else than a part or the end");
        }
        return -1;
    }

    private boolean follows(int at, String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            if (at + i >= body.length || body[at + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
