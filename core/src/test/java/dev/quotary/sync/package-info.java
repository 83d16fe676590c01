@NullMarked
package dev.quotary.sync;

import org.jspecify.annotations.NullMarked;
