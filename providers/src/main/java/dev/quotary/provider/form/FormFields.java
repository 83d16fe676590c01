package dev.quotary.provider.form;

import dev.quotary.provider.RequestReading.Rejected;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a form that decide what a call costs, read as strictly as members of JSON: one that comes twice, in other letters or as a
 * file is refused.
 */
public final class FormFields {
    private final Form form;
    private final Map<String, Part> fields = new HashMap<>();
    private final List<Part> others = new ArrayList<>();
    private @Nullable Rejected rejected;

    /** @param known names of fields, in an order that ignores case */
    public FormFields(Form form, NavigableSet<String> known) {
        this.form = form;
        form.wrong().ifPresent(reason -> reject(Rejected.of(reason)));
        form.parts().forEach(part -> sort(part, known));
    }

    private void sort(Part part, NavigableSet<String> known) {
        String name = part.name();
        if (!known.contains(name)) {
            others.add(part);
        } else if (!known.floor(name).equals(name)) {
            reject(Rejected.of("Unknown parameter: '" + name + "'. Did you mean '" + known.floor(name) + "'?", name));
        } else if (part.file()) {
            reject(Rejected.of("Invalid type for '" + name + "': expected a field without a file name.", name));
        } else if (fields.put(name, part) != null) {
            reject(Rejected.of("Duplicate parameter: '" + name + "'.", name));
        }
    }

    /** Keeps the first reason. */
    public void reject(Rejected reason) {
        rejected = rejected == null ? reason : rejected;
    }

    public Optional<Rejected> rejected() {
        return Optional.ofNullable(rejected);
    }

    /** All parts that are no known fields. */
    public List<Part> others() {
        return others;
    }

    public Optional<Part> part(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    public Optional<String> text(String name, int bytesMax) {
        var part = part(name);
        if (part.isPresent() && part.get().length() > bytesMax) {
            reject(Rejected.of("Invalid '" + name + "': expected at most " + bytesMax + " bytes.", name));
            return Optional.empty();
        }
        return part.map(form::text);
    }

    public boolean flag(String name) {
        var text = text(name, 8).orElse("false").toLowerCase(Locale.ROOT);
        if (!text.equals("true") && !text.equals("false")) {
            reject(Rejected.of("Invalid type for '" + name + "': expected a boolean.", name));
        }
        return text.equals("true");
    }

    public OptionalLong number(String name, long min, long max) {
        var text = text(name, 19);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        boolean digits = text.get().chars().allMatch(c -> c >= '0' && c <= '9')
                && !text.get().isEmpty();
        long number = digits && text.get().length() < 19 ? Long.parseLong(text.get()) : -1;
        if (number < min || number > max) {
            reject(Rejected.of(
                    "Invalid '" + name + "': expected a whole number from " + min + " to " + max + ".", name));
            return OptionalLong.empty();
        }
        return OptionalLong.of(number);
    }
}
