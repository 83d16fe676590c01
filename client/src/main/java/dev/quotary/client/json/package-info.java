/** JSON values, read and written within bounds. Not exported: users of the SDK see types of their own language. */
@NullMarked
package dev.quotary.client.json;

import org.jspecify.annotations.NullMarked;
