@NullMarked
package dev.quotary.client.langchain4j;

import org.jspecify.annotations.NullMarked;
