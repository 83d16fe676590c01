package dev.quotary.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the documentation shows of the SDK compiles as it is written there. */
class SnippetsTest {
    private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");

    /** What the snippets call that is the reader's own. */
    private static final String SURROUNDINGS = """
            import dev.quotary.client.*;
            import java.net.URI;
            import java.nio.file.Path;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;

            abstract class Snippet {
                abstract String callOpenAi(String prompt);
                abstract CompletableFuture<String> callOpenAiAsync(String prompt);
                abstract Flow.Publisher<String> streamOfOpenAi(String prompt);
                abstract void export();
                abstract void log(String text);
                abstract void show(Object... all);

                void run(CLIENT String userId, String prompt, Call call) {
            SNIPPET
                }
            }
            """;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"README.md, 1", "docs/getting-started.md, 1", "docs/wrap-your-own-call.md, 6"})
    void snippets_compile(String page, int expected) throws IOException {
        // Given
        var snippets = JAVA.matcher(Files.readString(Path.of("..").resolve(page)))
                .results()
                .map(match -> match.group(1))
                .filter(snippet -> snippet.contains("QuotaryClient") || snippet.contains("client."))
                .toList();
        // When
        var complaints = snippets.stream().map(this::complaints).toList();
        // Then
        assertThat(complaints).hasSize(expected).containsOnly("");
    }

    private String complaints(String snippet) {
        var client = snippet.contains("QuotaryClient client =") ? "" : "QuotaryClient client,";
        var source = SURROUNDINGS.replace("CLIENT", client).replace("SNIPPET", snippet);
        var file = new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        var classes = Path.of(QuotaryClient.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        var said = new StringWriter();
        var options = List.of("--release", "17", "-cp", classes.toString(), "-d", directory.toString());
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(said, null, null, options, null, List.of(file))
                .call();
        return compiled ? "" : said + snippet;
    }
}
