@NullMarked
package dev.quotary.server.metrics;

import org.jspecify.annotations.NullMarked;
