package dev.quotary.e2e.crash;

import java.util.HashMap;
import java.util.Map;

/**
 * What one subject must have used, by what its worker was told. Each worker has a subject of its own, so that a fault names its kind
 * of load; only the worker's thread writes.
 */
final class Tally {
    private final String subject;
    private final Map<String, Use> acknowledged = new HashMap<>();
    /** Those acknowledged since they were last taken. */
    private Map<String, Use> fresh = new HashMap<>();

    private Use unsure = Use.NONE;
    private long unsureCalls;

    private final boolean takesEstimates;

    Tally(String subject) {
        this(subject, false);
    }

    /**
     * @param takesEstimates of a call that was answered before its use was durable, as the store did not answer, an estimate is what is left
     *     when the server dies too
     */
    Tally(String subject, boolean takesEstimates) {
        this.subject = subject;
        this.takesEstimates = takesEstimates;
    }

    boolean takesEstimates() {
        return takesEstimates;
    }

    String subject() {
        return subject;
    }

    /** An event was acknowledged; false if that id was acknowledged before. */
    synchronized boolean acknowledge(String event, Use use) {
        fresh.put(event, use);
        return acknowledged.put(event, use) == null;
    }

    /** A call was running when the server died: its use may have been recorded, at most that much. */
    synchronized void doubt(Use most) {
        unsure = unsure.plus(most);
        unsureCalls++;
    }

    /** What was acknowledged since this was last asked, by event. */
    synchronized Map<String, Use> takeFresh() {
        var taken = fresh;
        fresh = new HashMap<>();
        return taken;
    }

    /** By event. */
    synchronized Map<String, Use> acknowledged() {
        return Map.copyOf(acknowledged);
    }

    synchronized Use unsure() {
        return unsure;
    }

    synchronized long unsureCalls() {
        return unsureCalls;
    }
}
