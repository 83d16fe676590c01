/**
 * What the server tells of itself to monitoring: counters that cost an addition where things happen, and the page that shows them.
 *
 * <p>Labels never name subjects, keys or organizations, and have few values.
 */
@NullMarked
package dev.quotary.server.metrics;

import org.jspecify.annotations.NullMarked;
