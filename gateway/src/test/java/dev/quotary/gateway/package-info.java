@NullMarked
package dev.quotary.gateway;

import org.jspecify.annotations.NullMarked;
