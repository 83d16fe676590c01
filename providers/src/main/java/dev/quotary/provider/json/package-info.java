/**
 * JSON as bytes: strict parsers with bounds, and work on raw string literals that spares decoding them.
 *
 * <p>Nothing here builds a tree, and nothing knows a provider.
 */
@NullMarked
package dev.quotary.provider.json;

import org.jspecify.annotations.NullMarked;
