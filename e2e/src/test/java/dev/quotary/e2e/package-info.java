/** Black-box tests: the server as its users meet it, over HTTP and on the command line. */
@NullMarked
package dev.quotary.e2e;

import org.jspecify.annotations.NullMarked;
