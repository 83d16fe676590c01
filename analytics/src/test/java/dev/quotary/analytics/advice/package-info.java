@NullMarked
package dev.quotary.analytics.advice;

import org.jspecify.annotations.NullMarked;
