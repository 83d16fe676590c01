/** All of OpenAI's API together: which of its paths are metered, in which format, and which are not. */
@NullMarked
package dev.quotary.provider.openai.api;

import org.jspecify.annotations.NullMarked;
