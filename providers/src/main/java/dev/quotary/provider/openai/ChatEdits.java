package dev.quotary.provider.openai;

import dev.quotary.provider.json.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a request's bytes may be changed, found while it was read. Everything between the changes stays as the client wrote it.
 *
 * @param usage the change that asks for usage at the end of the stream; empty if it is not needed or not wanted
 * @param cap the place for a cap on the output; empty if the client named one
 */
record ChatEdits(Optional<Edit> usage, Optional<CapPlace> cap) {
    /** Where a number would go, and what must be written before it. */
    record CapPlace(int from, int to, String before) {}

    /** The changed body, or the same array if nothing changes. */
    byte[] apply(byte[] body, OptionalLong outputTokensMax) {
        List<Edit> edits = new ArrayList<>(2);
        usage.ifPresent(edits::add);
        if (cap.isPresent() && outputTokensMax.isPresent()) {
            CapPlace place = cap.get();
            edits.add(new Edit(place.from(), place.to(), place.before() + outputTokensMax.getAsLong()));
        }
        return Edit.apply(body, edits);
    }
}
