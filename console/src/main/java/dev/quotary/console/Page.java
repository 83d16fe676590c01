package dev.quotary.console;

import io.vertx.core.buffer.Buffer;
import java.util.stream.Collectors;

/** A page's HTML: the same for every visitor and every address below it, as all else is asked for by its scripts. */
final class Page {
    private final Buffer html;

    /**
     * @param template with the places {@code {{assets}}} and {@code {{preload}}}
     * @param base path of the files of this version
     */
    Page(Assets assets, String template, String script, String base) {
        var preload = assets.imports(script).stream()
                .map(path -> "<link rel=\"modulepreload\" href=\"" + base + path + "\">")
                .collect(Collectors.joining("\n    "));
        this.html = Buffer.buffer(
                assets.need(template).text().replace("{{assets}}", base).replace("{{preload}}", preload));
    }

    Buffer html() {
        return html;
    }
}
