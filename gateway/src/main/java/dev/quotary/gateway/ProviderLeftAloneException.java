package dev.quotary.gateway;

/** A provider is not asked: all of its addresses have failed so often that they are left alone. */
final class ProviderLeftAloneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProviderLeftAloneException(String provider) {
        super("every address of provider " + provider + " is left alone");
    }
}
