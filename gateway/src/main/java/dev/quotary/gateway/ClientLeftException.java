package dev.quotary.gateway;

/** A client left before its call was sent again. */
final class ClientLeftException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClientLeftException() {
        super("the client left");
    }
}
