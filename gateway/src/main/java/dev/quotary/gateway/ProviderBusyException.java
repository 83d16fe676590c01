package dev.quotary.gateway;

/** A provider had no room for one more call in time, or too many waited for it already. */
final class ProviderBusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProviderBusyException(String provider) {
        super("provider " + provider + " has no room for one more call");
    }
}
