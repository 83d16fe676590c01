@NullMarked
package dev.quotary.api.declare;

import org.jspecify.annotations.NullMarked;
