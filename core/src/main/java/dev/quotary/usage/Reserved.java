package dev.quotary.usage;

import dev.quotary.call.SubjectKey;
import org.jspecify.annotations.Nullable;

/** The engine's answer to check, reserve and extend. */
public sealed interface Reserved {
    /** The limits decided; {@link Decision#verdict} says how. */
    record Decided(Decision decision) implements Reserved {}

    /** No such subject, and the organization makes none on the fly; or no such organization. */
    record SubjectUnknown(@Nullable SubjectKey subject) implements Reserved {}

    record SubjectBlocked() implements Reserved {}

    /** A limit on cost applies, and the model has no price. */
    record ModelNotPriced(
            @Nullable String provider, @Nullable String model) implements Reserved {}

    /** The id was used before, for a request of other content. */
    record Mismatch() implements Reserved {}

    /** The id was used before, and its reservation is settled or released; for an extension, nothing is held. */
    record Closed() implements Reserved {}
}
