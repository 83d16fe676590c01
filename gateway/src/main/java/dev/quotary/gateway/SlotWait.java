package dev.quotary.gateway;

import dev.quotary.gateway.upstream.Slots;
import java.util.function.Consumer;

/** A call that waits until its provider has room for one more, and leaves with its client. */
final class SlotWait {
    private SlotWait() {}

    /** @param then is told on the call's event loop whether it has a slot */
    static void enter(MeteredCall call, Slots slots, Exchange exchange, Consumer<Boolean> then) {
        var plan = call.decision().account().plan();
        int priority = plan == null ? 0 : plan.priority();
        if (slots.take(priority)) {
            if (call.journey().has(slots)) {
                then.accept(true);
            }
            return;
        }
        var response = call.request().response();
        var waiting = slots.enter(party(call), priority, call.request().bytesRead());
        Consumer<Throwable> broke = failure -> exchange.broke(call, failure);
        waiting.ended()
                .whenComplete((waited, failure) -> call.context().runOnContext(Steps.guarded(broke, _ -> {
                    boolean given = failure == null && waited.answer();
                    // First of all: what is given has an owner from here on.
                    if (given && !call.journey().has(slots)) {
                        return;
                    }
                    if (failure == null) {
                        call.journey().waited(waited.millis());
                    }
                    exchange.watchClient();
                    then.accept(given);
                })));
        // Behind what looks after the slot, which may have been given by now.
        response.closeHandler(_ -> waiting.leave());
        response.exceptionHandler(_ -> waiting.leave());
        if (response.closed()) {
            waiting.leave();
        }
    }

    /** Organizations and subjects take turns, however many calls each of them has. */
    private static String party(MeteredCall call) {
        var asked = call.hold().call();
        return asked.organization() + "/" + (asked.subject() == null ? "" : asked.subject());
    }
}
