/**
 * What others say of the same use: what was estimated before a call, and what providers report afterwards.
 *
 * <p>Invariants: nothing is changed by a comparison; amounts are exact; days are those of UTC, as providers report them.
 */
@NullMarked
package dev.quotary.api.reconcile;

import org.jspecify.annotations.NullMarked;
