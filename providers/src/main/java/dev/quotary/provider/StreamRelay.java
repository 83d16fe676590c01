package dev.quotary.provider;

/**
 * Passes the bytes of one streamed answer on to the client and reads them on the way. For one thread at a time.
 *
 * <p>What comes out is whole events: an event is handed over in the call that brings its last byte, and never in parts. So the stream
 * can be cut between any two calls and an error event sent in place of the rest, and no client waits for anything it could already
 * use. The terminal event is kept apart, for the gateway to send once the usage is on record.
 */
public interface StreamRelay {
    /** Takes bytes from the provider; gives what the client gets now. The bytes must not be changed while the result is in use. */
    Slice feed(byte[] bytes, int offset, int length);

    /** Tells that the provider's stream has ended; gives what was still held back, but for the terminal event. To be called once. */
    Slice finish();

    /**
     * What ends the stream in place of the rest, so that the provider's SDKs raise their own exception: whole, with all that the form of
     * the stream needs behind what was given before. Empty where nothing in the stream could say it; the connection must be broken then.
     */
    byte[] ending(RefusalMessage message);

    /** The terminal event and what followed it; empty until it came. */
    Slice tail();

    /** What is known now. May be called at any time, such as when the client has left. */
    StreamFacts facts();

    /** UTF-8 bytes that the model wrote so far, a bound of its visible output tokens. Cheap. */
    long textBytes();

    /** What the model wrote so far, for an estimate. */
    OutputText text();
}
