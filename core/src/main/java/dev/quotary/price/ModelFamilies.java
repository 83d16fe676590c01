package dev.quotary.price;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Knows under which names a model may be listed: its own, the one it is an alias of, and the one it is a snapshot of.
 *
 * <p>Only the endings below make a snapshot. "The longest listed beginning" would not do: gpt-4o-audio-preview begins with gpt-4o and
 * costs more. An ending is taken off once, and only a listed name counts afterwards.
 */
final class ModelFamilies {
    static final ModelFamilies WITHOUT_ALIASES = new ModelFamilies(Map.of());

    static final List<String> COLUMNS = List.of("provider", "alias", "model", "source");

    /** Names beyond this length are nobody's snapshot; it bounds the work on what callers send. */
    static final int NAME_LENGTH_MAX = 256;

    private static final String MONTH = "(?:0[1-9]|1[0-2])";
    private static final String DAY = "(?:0[1-9]|[12][0-9]|3[01])";
    private static final String YEAR = "20[0-9]{2}";

    /**
     * gpt-5.5-2026-04-23; claude-haiku-4-5-20251001, claude-opus-4-1@20250805; gpt-4-0613, grok-4-0709;
     * gemini-2.0-flash-001; gemini-2.5-pro-preview-05-06, gemini-2.5-flash-preview-09-2025; claude-3-7-sonnet-latest.
     */
    private static final Pattern SNAPSHOT = Pattern.compile("(?<family>.+?)(?:"
            + ("-" + YEAR + "-" + MONTH + "-" + DAY)
            + ("|[-@]" + YEAR + MONTH + DAY)
            + ("|-" + MONTH + DAY)
            + "|-00[0-9]"
            + ("|(?<preview>-preview)-" + MONTH + "-(?:" + DAY + "|" + YEAR + ")")
            + "|-latest)");

    /** Provider, to alias, to the model that it stands for. */
    private final Map<String, Map<String, String>> aliases;

    private ModelFamilies(Map<String, Map<String, String>> aliases) {
        this.aliases = aliases;
    }

    /**
     * Reads a table with the {@link #COLUMNS}.
     *
     * @throws IllegalArgumentException if an alias stands in it twice
     */
    static ModelFamilies of(CsvTable table) {
        var aliases = new HashMap<String, Map<String, String>>();
        for (var row : table.rows()) {
            var models = aliases.computeIfAbsent(row.text("provider"), _ -> new HashMap<>());
            if (models.put(row.text("alias"), row.text("model")) != null) {
                throw new IllegalArgumentException(row.where() + ": expected each alias once");
            }
        }
        return new ModelFamilies(aliases);
    }

    /** Every name to look for, the closest first. */
    List<String> namesOf(String provider, String model) {
        var models = aliases.getOrDefault(provider, Map.of());
        var names = new LinkedHashSet<String>();
        for (var name : withFamilies(model)) {
            names.add(name);
            names.add(models.getOrDefault(name, name));
        }
        return List.copyOf(names);
    }

    /** A dated preview may be listed as the preview or as the model itself. */
    private static List<String> withFamilies(String model) {
        if (model.length() > NAME_LENGTH_MAX) {
            return List.of(model);
        }
        var snapshot = SNAPSHOT.matcher(model);
        if (!snapshot.matches()) {
            return List.of(model);
        }
        var family = snapshot.group("family");
        return snapshot.group("preview") == null ? List.of(model, family) : List.of(model, family + "-preview", family);
    }
}
