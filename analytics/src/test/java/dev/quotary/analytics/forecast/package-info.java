@NullMarked
package dev.quotary.analytics.forecast;

import org.jspecify.annotations.NullMarked;
