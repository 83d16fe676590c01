/**
 * Questions about use as HTTP asks them, and answers as JSON and CSV.
 *
 * <p>Who may ask about what is decided before: this package is told whose use is meant.
 */
@NullMarked
package dev.quotary.api.query;

import org.jspecify.annotations.NullMarked;
