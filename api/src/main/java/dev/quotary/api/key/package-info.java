/**
 * API keys: making, storing and reading them back.
 *
 * <p>Invariants: a secret is shown once and kept nowhere; a key is stored before it works. Who may make which keys is decided elsewhere.
 */
@NullMarked
package dev.quotary.api.key;

import org.jspecify.annotations.NullMarked;
