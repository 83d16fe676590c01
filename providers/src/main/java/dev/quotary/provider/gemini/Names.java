package dev.quotary.provider.gemini;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names of an object's members, each of which the API takes in two forms: {@code maxOutputTokens} and {@code max_output_tokens}. */
final class Names {
    private final Map<String, String> forms;
    private final Map<String, String> squeezed;

    private Names(Map<String, String> forms, Map<String, String> squeezed) {
        this.forms = forms;
        this.squeezed = squeezed;
    }

    /** @param names in lower camel case */
    static Names of(String... names) {
        Map<String, String> forms = Stream.of(names)
                .flatMap(name -> Stream.of(name, underscored(name)).distinct().map(form -> Map.entry(form, name)))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
        Map<String, String> squeezed =
                Stream.of(names).collect(Collectors.toUnmodifiableMap(Names::squeezed, name -> name));
        return new Names(forms, squeezed);
    }

    private static String underscored(String camel) {
        return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    private static String squeezed(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** The member of either form. */
    Optional<String> member(String name) {
        return Optional.ofNullable(forms.get(name));
    }

    /** The member that a name in neither form resembles: a server that is less strict than ours might take it for that one. */
    Optional<String> resembled(String name) {
        return Optional.ofNullable(squeezed.get(squeezed(name)));
    }
}
