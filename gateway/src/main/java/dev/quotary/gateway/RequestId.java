package dev.quotary.gateway;

import dev.quotary.call.ReservationId;

/** What a refusal calls the request, where a provider's refusals do: the id of its usage event, in other letters. */
final class RequestId {
    private static final String PREFIX = "req_";

    private RequestId() {}

    static String of(ReservationId id) {
        var event = id.event().toString();
        return PREFIX + event.substring(event.indexOf('_') + 1);
    }
}
