package dev.quotary.memory;

import dev.quotary.limit.Limiter;
import dev.quotary.testkit.LimiterProperties;

class MemoryLimiterProperties implements LimiterProperties {
    @Override
    public Limiter limiter() {
        return new MemoryLimiter();
    }
}
