@NullMarked
package dev.quotary.gateway.upstream;

import org.jspecify.annotations.NullMarked;
