/** The packaged server with its clock in a test's hand. Nothing of this is in the server that is released. */
@NullMarked
package dev.quotary.e2e.clock;

import org.jspecify.annotations.NullMarked;
