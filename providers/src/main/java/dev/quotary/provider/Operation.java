package dev.quotary.provider;

/** What a request to a provider is, judged by its method and path alone. */
public sealed interface Operation {
    /** A call that costs, and that can be metered in this format. */
    record Metered(WireFormat format) implements Operation {}

    /** A question that costs nothing, such as for the list of models. */
    record Free() implements Operation {}

    /** A path that is served, but by another method. */
    record WrongMethod(String allowed) implements Operation {}

    /**
     * A request that could cost something nobody would notice, so that it must not be forwarded.
     *
     * @param reason a sentence for the client: why, and what can be used instead
     */
    record Unmeterable(String reason) implements Operation {
        /** What is not known here. */
        public static final Unmeterable UNKNOWN = new Unmeterable("It is not known what calls of this path cost.");
    }
}
