package dev.quotary.provider.gemini;

import java.util.Optional;

/** The counts of a {@code usageMetadata} object, and those parts of them that have prices of their own. */
enum Count {
    PROMPT("promptTokenCount"),
    CACHED("cachedContentTokenCount"),
    CANDIDATES("candidatesTokenCount"),
    TOOL_USE("toolUsePromptTokenCount"),
    THOUGHTS("thoughtsTokenCount"),
    TOTAL("totalTokenCount"),
    PROMPT_AUDIO("promptTokensDetails"),
    PROMPT_IMAGE("promptTokensDetails"),
    PROMPT_VIDEO("promptTokensDetails"),
    CACHED_AUDIO("cacheTokensDetails"),
    TOOL_USE_AUDIO("toolUsePromptTokensDetails"),
    WRITTEN_AUDIO("candidatesTokensDetails"),
    WRITTEN_IMAGE("candidatesTokensDetails");

    private final String member;

    Count(String member) {
        this.member = member;
    }

    /** The member that it stands in. */
    String member() {
        return member;
    }

    /** The part of a count that is of one modality; empty where it is priced like text. */
    static Optional<Count> part(Count whole, String modality) {
        Count part = switch (whole) {
            case PROMPT ->
                switch (modality) {
                    case "AUDIO" -> PROMPT_AUDIO;
                    case "IMAGE" -> PROMPT_IMAGE;
                    case "VIDEO" -> PROMPT_VIDEO;
                    default -> null;
                };
            case CACHED -> modality.equals("AUDIO") ? CACHED_AUDIO : null;
            case TOOL_USE -> modality.equals("AUDIO") ? TOOL_USE_AUDIO : null;
            case CANDIDATES ->
                switch (modality) {
                    case "AUDIO" -> WRITTEN_AUDIO;
                    case "IMAGE" -> WRITTEN_IMAGE;
                    default -> null;
                };
            case THOUGHTS,
                    TOTAL,
                    PROMPT_AUDIO,
                    PROMPT_IMAGE,
                    PROMPT_VIDEO,
                    CACHED_AUDIO,
                    TOOL_USE_AUDIO,
                    WRITTEN_AUDIO,
                    WRITTEN_IMAGE -> null;
        };
        return Optional.ofNullable(part);
    }
}
