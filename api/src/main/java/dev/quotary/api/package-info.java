/**
 * The REST API: the usage endpoints, and the declarations and keys of operators.
 *
 * <p>Invariants: input is checked whole before anything happens; one organization, and one subject's own key, never learns that an id of
 * another exists; commit and record are answered only once the event is durable. This package decides nothing about limits and prices.
 */
@NullMarked
package dev.quotary.api;

import org.jspecify.annotations.NullMarked;
