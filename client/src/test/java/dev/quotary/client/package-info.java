@NullMarked
package dev.quotary.client;

import org.jspecify.annotations.NullMarked;
