package dev.quotary.ledger;

import java.time.Instant;

/**
 * What the reporter of a CloudEvent called it, as it was said.
 *
 * @param source whose event it is; together with {@code name} it identifies the event within its organization
 * @param name the {@code id} of the CloudEvent
 * @param type the {@code type} of the CloudEvent, by which meters choose what they read
 * @param receivedAt when it came in; the time of the event itself may be long before
 */
public record Origin(String source, String name, String type, Instant receivedAt) {
    public static final int LENGTH_MAX = 256;

    public Origin {
        check("source", source);
        check("id", name);
        check("type", type);
    }

    private static void check(String what, String value) {
        if (value.isBlank() || value.length() > LENGTH_MAX || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("expected " + what + " of 1.." + LENGTH_MAX + " printable characters");
        }
    }
}
