package dev.quotary.provider.openai;

import dev.quotary.provider.json.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a request's bytes may be changed, found while it was read. Everything between the changes stays as the client wrote it.
 *
 * @param always what is changed in any case, such as to ask for usage at the end of the stream
 * @param cap the place for a cap on the output; empty if the client named one
 * @param capped what is changed along with putting the cap in
 */
public record Splices(List<Edit> always, Optional<CapPlace> cap, List<Edit> capped) {
    /** Nothing may be changed. */
    public static final Splices NONE = new Splices(List.of(), Optional.empty(), List.of());

    public Splices {
        always = List.copyOf(always);
        capped = List.copyOf(capped);
    }

    /** Where a number would go, and what must be written before it. */
    public record CapPlace(int from, int to, String before) {}

    /** The changed body, or the same array if nothing changes. */
    byte[] apply(byte[] body, OptionalLong outputTokensMax) {
        List<Edit> edits = new ArrayList<>(always);
        if (cap.isPresent() && outputTokensMax.isPresent()) {
            CapPlace place = cap.get();
            edits.add(new Edit(place.from(), place.to(), place.before() + outputTokensMax.getAsLong()));
            edits.addAll(capped);
        }
        return Edit.apply(body, edits);
    }
}
