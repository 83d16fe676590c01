package dev.quotary.server.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** How the process is, under the names that dashboards for the JVM know. Read when asked for: it costs nothing meanwhile. */
final class JvmMetrics {
    private JvmMetrics() {}

    static List<MetricSnapshot> snapshots() {
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        var collectors = ManagementFactory.getGarbageCollectorMXBeans();
        var runtime = ManagementFactory.getRuntimeMXBean();
        var snapshots = new ArrayList<MetricSnapshot>();
        snapshots.add(Snapshots.gauge("jvm_memory_heap_used_bytes", "Heap in use.", heap.getUsed()));
        snapshots.add(Snapshots.gauge("jvm_memory_heap_max_bytes", "Most that the heap may take.", heap.getMax()));
        snapshots.add(Snapshots.gauge(
                "jvm_threads_current",
                "Platform threads.",
                ManagementFactory.getThreadMXBean().getThreadCount()));
        snapshots.add(Snapshots.counter(
                "jvm_gc_collections",
                "Garbage collections.",
                collectors.stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                        .sum()));
        snapshots.add(Snapshots.seconds(
                "jvm_gc_collection_seconds",
                "Time spent in garbage collections.",
                collectors.stream()
                                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                                .sum()
                        / 1e3));
        snapshots.add(Snapshots.level(
                "process_start_time_seconds", "When the process started, since 1970.", runtime.getStartTime() / 1e3));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            snapshots.add(Snapshots.seconds(
                    "process_cpu_seconds", "Processor time taken.", system.getProcessCpuTime() / 1e9));
            snapshots.add(Snapshots.gauge(
                    "process_open_fds", "Files and sockets open.", system.getOpenFileDescriptorCount()));
            snapshots.add(Snapshots.gauge(
                    "process_max_fds", "Files and sockets that may be open.", system.getMaxFileDescriptorCount()));
        }
        return snapshots;
    }
}
