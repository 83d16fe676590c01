@NullMarked
package dev.quotary.api.live;

import org.jspecify.annotations.NullMarked;
