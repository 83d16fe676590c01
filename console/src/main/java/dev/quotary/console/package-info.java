/**
 * The pages that people look at: the console for operators, the portal for end users, and what other pages embed.
 *
 * <p>They are static files that talk to the public API like anybody else. All that is here besides files is signing in: a password or an API key
 * opens a {@link dev.quotary.http.Sessions session}, which stands for a key of a role.
 */
@NullMarked
package dev.quotary.console;

import org.jspecify.annotations.NullMarked;
