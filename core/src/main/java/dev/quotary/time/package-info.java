/**
 * Windows: the stretches of time that limits count in, exact in the time zone of an organization.
 *
 * <p>Invariants: the windows of one kind tile the time line without gap or overlap; a window contains the instant it was asked for,
 * on days of 23 and 25 hours and in months of 28 to 31 days. This package keeps no counts.
 */
@NullMarked
package dev.quotary.time;

import org.jspecify.annotations.NullMarked;
