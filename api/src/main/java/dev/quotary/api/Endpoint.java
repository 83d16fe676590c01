package dev.quotary.api;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What answers one kind of request, and on which kind of thread. */
sealed interface Endpoint {
    /** Computes the answer at once, on the event loop: waits for nothing. */
    record Direct(Function<Exchange, Reply> answer) implements Endpoint {}

    /** Begins on the event loop and answers when something else is done, without waiting for it. */
    record Staged(Function<Exchange, CompletionStage<Reply>> answer) implements Endpoint {}

    /** As {@link Staged}, but beginning may block: begins on a virtual thread. */
    record Begun(Function<Exchange, CompletionStage<Reply>> answer) implements Endpoint {}

    /** May block: runs on a virtual thread. */
    record Blocking(Function<Exchange, Reply> answer) implements Endpoint {}
}
