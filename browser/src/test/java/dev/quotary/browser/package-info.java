/** The console and the portal as people see them: Playwright drives Debian's Chromium against {@code ./quotary demo}. */
@NullMarked
package dev.quotary.browser;

import org.jspecify.annotations.NullMarked;
