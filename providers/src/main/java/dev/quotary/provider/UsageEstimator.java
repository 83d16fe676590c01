package dev.quotary.provider;

/** Estimates the usage of one call whose provider did not report it. Immutable, so it may be shared by threads. */
public interface UsageEstimator {
    /**
     * The likely usage, given what reached us of the answer.
     *
     * <p>Runs a tokenizer, whose first use loads megabytes: call it on a thread that may wait, never on an event loop. Reasoning that
     * the provider does not show is not in it.
     */
    UsageEstimate estimate(OutputText output);
}
