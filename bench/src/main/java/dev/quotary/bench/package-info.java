/** What the benchmarks measure, and the peers that it is measured against. */
@NullMarked
package dev.quotary.bench;

import org.jspecify.annotations.NullMarked;
