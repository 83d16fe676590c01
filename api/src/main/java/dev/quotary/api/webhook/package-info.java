/**
 * Calls of other systems that are usage: who may make them, and what they say.
 *
 * <p>A webhook is declared with its organization; its secrets are kept sealed and are never shown. What a call says becomes a CloudEvent by
 * JSONPaths, and goes the way of those. This package knows no ledger and no limits.
 */
@NullMarked
package dev.quotary.api.webhook;

import org.jspecify.annotations.NullMarked;
