package dev.quotary.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The browser, and what every page of it must keep: nothing from elsewhere, nothing that the policy forbids, no failure of a script. */
final class Chromium implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 15_000;

    private final Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    private final Browser browser;
    private final String url;
    private final List<String> faults = new ArrayList<>();

    Chromium(String url) {
        this.url = url;
        this.browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of("/usr/bin/chromium"))
                        .setArgs(List.of("--no-sandbox")));
    }

    BrowserContext context(ColorScheme theme, int width) {
        var context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, 900)
                .setColorScheme(theme)
                .setLocale("en-US")
                .setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        return context;
    }

    Page page(ColorScheme theme, int width) {
        return watched(context(theme, width).newPage());
    }

    Page watched(Page page) {
        page.onPageError(error -> faults.add("script: " + error));
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                faults.add("policy: " + message.text());
            }
        });
        page.onRequest(request -> {
            var to = request.url();
            if (!to.startsWith(url) && !to.startsWith("data:") && !to.startsWith("blob:")) {
                faults.add("elsewhere: " + to);
            }
        });
        return page;
    }

    /** Signs in with the demo's password. */
    Page signedIn(ColorScheme theme, int width) {
        var page = page(theme, width);
        page.navigate(url + "/console");
        page.getByLabel("Password", new Page.GetByLabelOptions().setExact(true)).fill(Demo.PASSWORD);
        page.locator("button[type=submit]").click();
        page.locator(".shell").waitFor();
        return page;
    }

    /** Everything on the page is loaded. */
    static void settle(Page page) {
        page.waitForFunction("() => !document.querySelector('.bone')");
        page.waitForFunction("() => document.fonts.status === 'loaded'");
    }

    /** What axe finds wrong, each with the first place. */
    static List<String> violations(Page page) {
        return new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .map(rule ->
                                rule.getId() + ": " + rule.getNodes().getFirst().getHtml())
                        .toList();
    }

    void noFaults() {
        assertThat(faults).isEmpty();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
