package dev.quotary.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every link of the documentation leads somewhere, and every page can be reached from the README. */
class DocsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.+)$");

    @Test
    void links_lead_to_files_and_headings_that_exist() throws IOException {
        var dead = new ArrayList<String>();
        for (var page : pages()) {
            for (var link : links(page)) {
                if (!leadsSomewhere(page, link)) {
                    dead.add(ROOT.relativize(page) + " -> " + link);
                }
            }
        }
        assertThat(dead).isEmpty();
    }

    @Test
    void pages_are_reached_from_the_readme() throws IOException {
        var reached = new ArrayList<Path>();
        reach(ROOT.resolve("README.md"), reached);
        assertThat(reached).containsAll(pages());
    }

    private static void reach(Path page, List<Path> reached) throws IOException {
        if (reached.contains(page)) {
            return;
        }
        reached.add(page);
        for (var link : links(page)) {
            var target = page.resolveSibling(link.replaceFirst("#.*", "")).normalize();
            if (target.toString().endsWith(".md") && Files.exists(target)) {
                reach(target, reached);
            }
        }
    }

    private static boolean leadsSomewhere(Path page, String link) throws IOException {
        var file = link.replaceFirst("#.*", "");
        var target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
        if (!Files.exists(target)) {
            return false;
        }
        int hash = link.indexOf('#');
        return hash < 0 || headings(target).contains(link.substring(hash + 1));
    }

    private static List<String> headings(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map(match -> match.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static List<String> links(Path page) throws IOException {
        return LINK.matcher(Files.readString(page))
                .results()
                .map(match -> match.group(1))
                .filter(link -> !link.contains("://"))
                .toList();
    }

    private static List<Path> pages() throws IOException {
        try (var top = Files.list(ROOT);
                var docs = Files.walk(ROOT.resolve("docs"))) {
            var pages = Stream.concat(top, docs)
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
            assertThat(pages).hasSizeGreaterThan(5);
            return pages;
        }
    }
}
