@NullMarked
package dev.quotary.client.json;

import org.jspecify.annotations.NullMarked;
