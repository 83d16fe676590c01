package dev.quotary.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What people do with the console and the portal. */
class ConsoleIT {
    private static final int WIDTH = 1280;

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

    @AfterEach
    void nothing_went_wrong_unseen() {
        chromium.noFaults();
    }

    private static void press(Page page, String name) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true))
                .click();
    }

    @Test
    void wrong_password_is_told_and_the_right_one_opens() {
        // Given
        var page = chromium.page(ColorScheme.LIGHT, WIDTH);
        page.navigate(demo.url() + "/console");
        var password = page.getByLabel("Password", new Page.GetByLabelOptions().setExact(true));
        password.fill("not the password");
        page.locator("button[type=submit]").click();
        assertThat(page.getByText("This password is wrong.")).isVisible();
        // When
        password.fill(Demo.PASSWORD);
        page.locator("button[type=submit]").click();
        // Then
        assertThat(page.locator(".shell")).isVisible();
        assertThat((String) page.evaluate("() => document.cookie")).isEmpty();
    }

    @Test
    void subject_is_blocked_and_unblocked() {
        // Given
        var page = chromium.signedIn(ColorScheme.LIGHT, WIDTH);
        page.navigate(demo.url() + "/console/subjects/erin");
        // When
        press(page, "Block");
        // Then
        assertThat(page.getByText("Erin Kowalski is blocked.")).isVisible();
        press(page, "Unblock");
        assertThat(page.getByText("Erin Kowalski is blocked.")).hasCount(0);
    }

    @Test
    void plan_is_made_and_wrong_input_is_told_where_it_is() {
        // Given
        var page = chromium.signedIn(ColorScheme.DARK, WIDTH);
        page.navigate(demo.url() + "/console/plans");
        press(page, "New plan");
        var dialog = page.getByRole(AriaRole.DIALOG);
        dialog.getByLabel("Key").first().fill("team");
        dialog.locator(".limit-editor").getByLabel("Key").fill("daily");
        dialog.locator(".limit-editor").getByLabel("Maximum").fill("many");
        press(page, "Make plan");
        assertThat(dialog.locator(".limit-error")).isVisible();
        // When
        dialog.locator(".limit-editor").getByLabel("Maximum").fill("250");
        press(page, "Make plan");
        // Then
        assertThat(dialog).hasCount(0);
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("team")))
                .isVisible();
        assertThat(page.getByText("250")).isVisible();
    }

    @Test
    void key_is_made_shown_once_and_revoked() {
        // Given
        var page = chromium.signedIn(ColorScheme.LIGHT, WIDTH);
        page.navigate(demo.url() + "/console/keys");
        press(page, "New key");
        page.getByLabel("Name").fill("browser test");
        press(page, "Make key");
        assertThat(page.getByLabel("Secret")).hasValue(Pattern.compile("qk_live_[0-9a-f]{64}"));
        press(page, "Done");
        var row = page.locator("tr", new Page.LocatorOptions().setHasText("browser test"));
        // When
        row.getByRole(AriaRole.BUTTON).last().click();
        page.getByRole(AriaRole.DIALOG)
                .getByText("Revoke", new Locator.GetByTextOptions().setExact(true))
                .click();
        // Then
        assertThat(row).hasCount(0);
    }

    @Test
    void question_is_in_the_address_and_its_answer_a_file() throws IOException {
        // Given
        var page = chromium.signedIn(ColorScheme.LIGHT, WIDTH);
        page.navigate(demo.url() + "/console/explorer");
        page.getByLabel("Split by").selectOption("provider");
        assertThat(page).hasURL(Pattern.compile(".*by=provider.*"));
        assertThat(page.getByText("Spend by provider")).isVisible();
        // When
        var file = page.waitForDownload(() -> press(page, "CSV"));
        // Then
        assertThat(file.suggestedFilename()).startsWith("usage-cost-").endsWith(".csv");
        assertThat(Files.readString(file.path())).contains("provider").contains("anthropic");
    }

    @Test
    void events_show_how_their_cost_was_computed() {
        // Given
        var page = chromium.signedIn(ColorScheme.DARK, WIDTH);
        page.navigate(demo.url() + "/console/events?model=claude-sonnet-4-6&outcome=success");
        // When
        page.locator(".row-button").first().click();
        // Then
        var dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog.locator(".receipt h3")).hasText("Receipt");
        assertThat(dialog.locator(".receipt tbody")).containsText("$15");
        assertThat(page).hasURL(Pattern.compile(".*event=evt_[0-9a-f]{32}.*"));
    }

    @Test
    void use_is_shown_as_it_happens() {
        // Given
        var page = chromium.signedIn(ColorScheme.LIGHT, WIDTH);
        page.navigate(demo.url() + "/console");
        assertThat(page.locator(".live-pill")).hasText("Live");
        // When
        Portal.call(demo);
        // Then
        assertThat(page.locator(".feed").getByText("ada").first()).isVisible();
    }

    @Test
    void element_shows_use_in_another_sites_page() throws IOException {
        // Given
        try (var shop = Shop.of("""
                <!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
                <script type="module" src="%s/embed/quotary.js"></script>
                <quotary-usage token="%s"></quotary-usage>
                <quotary-chart token="%2$s"></quotary-chart>
                """.formatted(demo.url(), Portal.token(demo, "yuki")))) {
            var page = chromium.context(ColorScheme.LIGHT, WIDTH).newPage();
            // When
            page.navigate(shop.url());
            // Then
            assertThat(page.getByText("You have reached your limit of spend this month."))
                    .isVisible();
            assertThat(page.locator("quotary-chart svg")).isVisible();
        }
    }

    /** As many calls as the demo's reader may make in a minute, and one more. */
    private static void useUpAMinute() {
        for (int i = 0; i < 11; i++) {
            Portal.call(demo);
        }
    }

    private static boolean appears(Locator shown) {
        try {
            shown.waitFor();
            return true;
        } catch (TimeoutError _) {
            return false;
        }
    }

    @Test
    void end_user_sees_its_limit_reached_as_it_happens() {
        // Given
        var page = chromium.page(ColorScheme.LIGHT, WIDTH);
        page.navigate(demo.url() + "/portal#token=" + Portal.token(demo, "ada"));
        assertThat(page.getByText("Requests per minute")).isVisible();
        // When
        useUpAMinute();
        var reached = page.getByText("You have reached your limit of requests per minute.");
        if (!appears(reached)) {
            // That minute ended meanwhile, and the next one does not do so soon.
            useUpAMinute();
        }
        // Then
        assertThat(reached).isVisible();
        assertThat(page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Upgrade")))
                .hasAttribute("href", "/settings/billing");
        assertThat(page.url()).doesNotContain("token");
    }

    @Test
    void bad_link_to_the_portal_says_what_to_do() {
        // Given
        var page = chromium.page(ColorScheme.DARK, WIDTH);
        // When
        page.navigate(demo.url() + "/portal#token=qt_forged");
        // Then
        assertThat(page.getByText("This link has expired")).isVisible();
    }
}
