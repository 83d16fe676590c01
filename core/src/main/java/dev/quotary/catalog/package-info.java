/**
 * What operators declare: organizations, subjects, plans, meters, overrides, prices and API keys.
 *
 * <p>Invariants: a change is stored before it is seen, and seen by the next decision; one organization never resolves to the subjects
 * or keys of another. This package counts nothing.
 */
@NullMarked
package dev.quotary.catalog;

import org.jspecify.annotations.NullMarked;
