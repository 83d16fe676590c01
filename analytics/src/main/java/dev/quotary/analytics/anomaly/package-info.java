/**
 * Use that is far from its own pattern.
 *
 * <p>Invariants: a series is compared with nothing but its own past; the same numbers give the same answer on every machine. The statistics
 * are doubles, as their method is defined on them; what leaves this package beside the score is whole units.
 */
@NullMarked
package dev.quotary.analytics.anomaly;

import org.jspecify.annotations.NullMarked;
