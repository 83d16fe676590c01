package dev.quotary.call;

import java.util.Optional;

/**
 * An anonymous visitor, as its subject key names it: {@code anon_}, the network that it came from, {@code _}, and the session. The network
 * stands in the name so that whoever counts per network, also long afterwards and from the events alone, needs nothing else.
 *
 * @param network a digest of the address that the session began at, in 16 hexadecimal digits: tells networks apart, and names none
 * @param session 24 random hexadecimal digits
 */
public record Visitor(String network, String session) {
    public static final int NETWORK_LENGTH = 16;
    public static final int SESSION_LENGTH = 24;

    /** How the keys of all visitors begin. */
    public static final String PREFIX = "anon_";

    private static final int SEPARATOR = PREFIX.length() + NETWORK_LENGTH;
    private static final int LENGTH = SEPARATOR + 1 + SESSION_LENGTH;

    public Visitor {
        if (network.length() != NETWORK_LENGTH
                || session.length() != SESSION_LENGTH
                || !hexadecimal(network + session)) {
            throw new IllegalArgumentException("expected a network of " + NETWORK_LENGTH + " and a session of "
                    + SESSION_LENGTH + " hexadecimal digits");
        }
    }

    /** The visitor whom a key names; empty if it names somebody else. */
    public static Optional<Visitor> of(SubjectKey subject) {
        var text = subject.value();
        if (!is(subject)) {
            return Optional.empty();
        }
        return Optional.of(new Visitor(text.substring(PREFIX.length(), SEPARATOR), text.substring(SEPARATOR + 1)));
    }

    /** Whether a key names a visitor. */
    public static boolean is(SubjectKey subject) {
        return names(subject.value());
    }

    /** Whether a text is the key of a visitor. */
    public static boolean names(String text) {
        return text.length() == LENGTH
                && text.startsWith(PREFIX)
                && text.charAt(SEPARATOR) == '_'
                && hexadecimal(text.substring(PREFIX.length(), SEPARATOR))
                && hexadecimal(text.substring(SEPARATOR + 1));
    }

    public SubjectKey key() {
        return new SubjectKey(PREFIX + network + "_" + session);
    }

    private static boolean hexadecimal(String text) {
        return text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }
}
