package dev.quotary.client.spring;

import dev.quotary.client.Usage;
import org.jspecify.annotations.Nullable;

/** Reads out of what a metered method answered what it used. */
@FunctionalInterface
public interface UsageReader {
    Usage read(@Nullable Object answer);

    /** All that was held. */
    final class AsHeld implements UsageReader {
        @Override
        public Usage read(@Nullable Object answer) {
            return Usage.asHeld();
        }
    }
}
