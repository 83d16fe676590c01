/**
 * Events that other systems report after the fact: what they say, and what declared meters read in them.
 *
 * <p>Knows documents and meters, no HTTP, no ledger and no limits.
 */
@NullMarked
package dev.quotary.api.event;

import org.jspecify.annotations.NullMarked;
