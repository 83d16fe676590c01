package dev.quotary.provider.gemini;

import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.json.RequestCursor;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;

/** Reads the members of the object at hand. One that occurs twice, in either form, is refused: the provider might take the other one. */
record Members(RequestCursor cursor, Names names) {
    /** Reads the value at hand to its end. */
    @FunctionalInterface
    interface Reader {
        void read(String name) throws IOException;
    }

    /**
     * Reads to the end of the object, or until something was rejected.
     *
     * @param known gets members by their names in lower camel case
     * @param unknown gets all others
     */
    void read(Reader known, Reader unknown) throws IOException {
        var seen = new HashSet<String>();
        while (cursor.more()) {
            String written = cursor.member();
            Optional<String> name = names.member(written);
            if (name.isPresent() && !seen.add(name.get())) {
                cursor.reject(Rejected.of("Duplicate parameter: '" + name.get() + "'.", name.get()));
            } else if (name.isPresent()) {
                known.read(name.get());
            } else if (names.resembled(written).isPresent()) {
                cursor.reject(Rejected.of(
                        "Unknown parameter: '" + written + "'. Did you mean '"
                                + names.resembled(written).get() + "'?",
                        written));
            } else {
                unknown.read(written);
            }
        }
    }
}
