@NullMarked
package dev.quotary.analytics.anomaly;

import org.jspecify.annotations.NullMarked;
