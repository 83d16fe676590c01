@NullMarked
package dev.quotary.testkit.postgres;

import org.jspecify.annotations.NullMarked;
