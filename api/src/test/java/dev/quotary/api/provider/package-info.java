@NullMarked
package dev.quotary.api.provider;

import org.jspecify.annotations.NullMarked;
