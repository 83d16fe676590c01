package dev.quotary.server.runtime;

import dev.quotary.gateway.upstream.Slots;
import dev.quotary.limit.Limiter;
import dev.quotary.queue.Alarms;
import dev.quotary.queue.Bounds;
import dev.quotary.usage.AdmissionQueue;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Gives calls that wait for room what they need of threads and of time. */
final class WaitingCalls {
    private static final long IDLE_SECONDS = 10;

    private WaitingCalls() {}

    static AdmissionQueue over(Limiter limiter, InstantSource clock) {
        // Deciding again may block where limits are decided in a database: a virtual thread may.
        return new AdmissionQueue(
                limiter,
                clock,
                Bounds.DEFAULT,
                Alarms.of(alarms(), System::nanoTime),
                job -> Thread.ofVirtual().name("queue").start(job));
    }

    /** Who waits for a provider. */
    static Slots slots(Slots.Options options) {
        return new Slots(
                options,
                Alarms.of(alarms(), System::nanoTime),
                job -> Thread.ofVirtual().name("provider-queue").start(job));
    }

    /** One thread, which is there while somebody waits: alarms only post. */
    private static ScheduledThreadPoolExecutor alarms() {
        var alarms = new ScheduledThreadPoolExecutor(
                1, task -> Thread.ofPlatform().name("queue-alarms").daemon().unstarted(task));
        alarms.setRemoveOnCancelPolicy(true);
        alarms.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        alarms.allowCoreThreadTimeOut(true);
        return alarms;
    }
}
