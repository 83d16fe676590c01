package dev.quotary.http;

/** What a token that was shown turns out to be. */
public sealed interface TokenReading {
    record Valid(TokenClaims claims) implements TokenReading {}

    /** Made here, and too old by now. */
    record Expired() implements TokenReading {}

    /** Not made here, or changed since. */
    record Forged() implements TokenReading {}
}
