package dev.quotary.api;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The network that a client's address belongs to: of IPv4 the address itself, of IPv6 its first 64 bits, as everything behind them is the
 * client's to choose.
 *
 * @param text the same for all addresses of the network, however they are written
 */
record ClientNetwork(String text) {
    private static final int IPV6_NETWORK_BYTES = 8;
    private static final int LENGTH_MAX = 45;
    /** Addresses of IPv4 behind a translator (RFC 6052): another network each. */
    private static final byte[] TRANSLATED = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

    /** @throws IllegalArgumentException if it is no address of a client; names are not looked up */
    static ClientNetwork of(String address) {
        boolean form = address.length() <= LENGTH_MAX
                && (address.matches("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}")
                        || (address.indexOf(':') >= 0 && address.matches("[0-9a-fA-F:.]+")));
        if (!form) {
            throw wrong(address);
        }
        try {
            return of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException _) {
            throw wrong(address);
        }
    }

    private static ClientNetwork of(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new IllegalArgumentException("nobody calls from there");
        }
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return new ClientNetwork("ipv4 " + HexFormat.of().formatHex(bytes));
        }
        if (Arrays.equals(bytes, 0, TRANSLATED.length, TRANSLATED, 0, TRANSLATED.length)) {
            return new ClientNetwork("ipv4 " + HexFormat.of().formatHex(bytes, TRANSLATED.length, bytes.length));
        }
        return new ClientNetwork("ipv6 " + HexFormat.of().formatHex(bytes, 0, IPV6_NETWORK_BYTES));
    }

    private static IllegalArgumentException wrong(String address) {
        var head = address.length() > LENGTH_MAX ? address.substring(0, LENGTH_MAX) + "…" : address;
        return new IllegalArgumentException(
                "expected the visitor's IPv4 or IPv6 address, was '" + head.replaceAll("\\p{Cntrl}", "?") + "'");
    }
}
