@NullMarked
package dev.quotary.analytics;

import org.jspecify.annotations.NullMarked;
