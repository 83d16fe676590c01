package dev.quotary.client.spring;

import dev.quotary.client.Call;

/** A bean that says for whom calls are made, as they are made: the user who is signed in, the session, the feature. */
@FunctionalInterface
public interface CallContext {
    /** A call that has no amounts yet. */
    Call current();
}
