@NullMarked
package dev.quotary.api.webhook;

import org.jspecify.annotations.NullMarked;
