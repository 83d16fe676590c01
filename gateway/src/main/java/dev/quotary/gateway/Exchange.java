package dev.quotary.gateway;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;

/** What a call does with its provider's answer. Everything is told on the call's event loop. */
interface Exchange {
    /** Looks after the client again, after others have while the call waited. */
    void watchClient();

    /** A request goes out; further ones may follow, as long as nothing was answered. */
    void sends(HttpClientRequest upstream);

    /**
     * The answer that is to be passed on: it is the last.
     *
     * @param call as it came to be answered, perhaps at another provider than it was meant for
     */
    void answered(MeteredCall call, HttpClientResponse head);

    /** There is no answer. Told at most once, and never after an answer. */
    void failed(MeteredCall call, Throwable failure);

    /**
     * A step of the call threw what nobody expected: the call ends with what is known of it, and occupies nothing any more. May be told
     * at any moment and more than once; throws nothing.
     */
    void broke(MeteredCall call, Throwable failure);
}
