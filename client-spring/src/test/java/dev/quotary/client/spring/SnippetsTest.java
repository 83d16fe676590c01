package dev.quotary.client.spring;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation shows of Spring compiles as it is written there. */
class SnippetsTest {
    private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");

    /** What the snippets use that is the reader's own, or of libraries that this module does not have. */
    private static final String SURROUNDINGS = """
            import dev.quotary.client.*;
            import dev.quotary.client.spring.*;
            import org.springframework.ai.chat.client.ChatClient;
            import org.springframework.ai.chat.model.ChatModel;
            import org.springframework.context.annotation.Bean;

            class Snippet {
                record Report() {}
                interface Authentication { String getName(); }
                interface SecurityContext { Authentication getAuthentication(); }
                static class SecurityContextHolder {
                    static SecurityContext getContext() { return () -> () -> "ada"; }
                }
            SNIPPET
            }
            """;

    private static final String STATEMENTS = """
                void run(ChatModel model, QuotaryAdvisor quotaryAdvisor, String userId) {
            SNIPPET
                }
            """;

    @TempDir
    private Path directory;

    @Test
    void snippets_compile() throws IOException {
        // Given
        var page = Files.readString(Path.of("../docs/spring-and-langchain4j.md"));
        var spring = page.substring(0, page.indexOf("## LangChain4j"));
        var snippets =
                JAVA.matcher(spring).results().map(match -> match.group(1)).toList();
        // When
        var complaints = snippets.stream().map(this::complaints).toList();
        // Then
        assertThat(complaints).hasSize(3).containsOnly("");
    }

    private String complaints(String snippet) {
        var member = snippet.startsWith("@") ? snippet : STATEMENTS.replace("SNIPPET", snippet);
        var source = SURROUNDINGS.replace("SNIPPET", member.replace("{ … }", "{ return new Report(); }"));
        var file = new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        var said = new StringWriter();
        var path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var options = List.of("-cp", path, "-proc:none", "-d", directory.toString());
        boolean compiled = ToolProvider.getSystemJavaCompiler()
                .getTask(said, null, null, options, null, List.of(file))
                .call();
        return compiled ? "" : said + source;
    }
}
