package dev.quotary.api;

import dev.quotary.http.KeyRing;

/** Names a state of something by a digest of all that is shown of it: a strong one, in the words of HTTP. */
record ETag(String text) {
    private static final int DIGITS = 32;

    static ETag of(String shown) {
        return new ETag('"' + KeyRing.hash(shown).substring(0, DIGITS) + '"');
    }
}
