package dev.quotary.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Every page in both themes and at three widths: pictures to look at in {@code target/screens}, nothing that axe finds wrong, nothing too wide. */
class ScreensIT {
    private static final List<String> PAGES = List.of(
            "",
            "?range=90d&by=provider&meter=tokens",
            "/explorer?by=model&compare=previous",
            "/explorer?meter=latency_ms.p95&range=7d",
            "/events",
            "/report",
            "/subjects",
            "/subjects/maya",
            "/subjects/mallory",
            "/plans",
            "/keys",
            "/prices?q=sonnet",
            "/audit-log",
            "/system");
    private static final int[] WIDTHS = {1280, 1920, 390};

    private static Demo demo;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        demo = Demo.start();
        chromium = new Chromium(demo.url());
    }

    @AfterAll
    static void stop() {
        chromium.close();
        demo.close();
    }

    @ParameterizedTest
    @EnumSource(value = ColorScheme.class, names = "NO_PREFERENCE", mode = Mode.EXCLUDE)
    void every_page_of_the_console_is_sound(ColorScheme theme) {
        // Given
        var page = chromium.signedIn(theme, WIDTHS[0]);
        for (var path : PAGES) {
            // When
            page.navigate(demo.url() + "/console" + path);
            // Then
            look(page, "console" + path, theme);
        }
        chromium.noFaults();
    }

    @ParameterizedTest
    @EnumSource(value = ColorScheme.class, names = "NO_PREFERENCE", mode = Mode.EXCLUDE)
    void signing_in_and_the_portal_are_sound(ColorScheme theme) {
        // Given
        var page = chromium.page(theme, WIDTHS[0]);
        // When
        page.navigate(demo.url() + "/console");
        page.locator(".sign-in-card").waitFor();
        // Then
        look(page, "sign-in", theme);
        for (var subject : List.of("maya", "yuki", "deshawn")) {
            var visit = chromium.page(theme, WIDTHS[0]);
            visit.navigate(demo.url() + "/portal#token=" + Portal.token(demo, subject));
            visit.locator(".limit").first().waitFor();
            look(visit, "portal-" + subject, theme);
        }
        chromium.noFaults();
    }

    private static void look(Page page, String name, ColorScheme theme) {
        page.locator("h1").first().waitFor();
        for (int width : WIDTHS) {
            page.setViewportSize(width, 900);
            Chromium.settle(page);
            // Charts follow a new width with their next picture.
            assertThatCode(() -> page.waitForFunction("() => document.documentElement.scrollWidth <= innerWidth + 1"))
                    .as("%s is not wider than %d pixels", name, width)
                    .doesNotThrowAnyException();
            var file = name.replaceAll("[^a-z0-9]+", "-") + "-" + theme.name().toLowerCase(Locale.ROOT) + "-" + width;
            page.screenshot(new Page.ScreenshotOptions()
                    .setFullPage(true)
                    .setPath(Path.of("target", "screens", file + ".png")));
        }
        page.setViewportSize(WIDTHS[0], 900);
        assertThat(Chromium.violations(page)).as(name).isEmpty();
    }
}
