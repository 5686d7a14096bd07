package org.dkimproxy.standalone.options;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A host and a port.
 *
 * @param host a name or an address, an IPv6 address without brackets; {@code *} for every address of this machine
 * @param port from 0 to 65535; 0 asks the system for a free one
 */
public record Address(String host, int port) {
    private static final String NOT_IN_HOST = "[]/=,;@";
    private static final int LARGEST_PORT = 65_535;

    /** Checks the port. */
    public Address {
        if (host.isEmpty() || port < 0 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("no address: " + host + ", port " + port);
        }
    }

    /**
     * Reads {@code host:port}, {@code [v6]:port}, {@code host}, {@code [v6]}, or a bare IPv6 address.
     *
     * @param standardPort the port if none is written
     * @return empty if the text is none of these, or lacks a port and there is no standard one
     */
    public static Optional<Address> parse(String text, OptionalInt standardPort) {
        int end = endOfHost(text);
        String host =
                text.startsWith("[") && end > 0 ? text.substring(1, end - 1) : text.substring(0, Math.max(end, 0));
        if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || NOT_IN_HOST.indexOf(c) >= 0)) {
            return Optional.empty();
        }
        String rest = text.substring(end);
        OptionalInt port =
                rest.isEmpty() ? standardPort : rest.startsWith(":") ? port(rest.substring(1)) : OptionalInt.empty();
        return port.isPresent() ? Optional.of(new Address(host, port.getAsInt())) : Optional.empty();
    }

    /** A port number in digits. */
    public static OptionalInt port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > LARGEST_PORT) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(Integer.parseInt(text));
    }

    /** {@code host:port}, with an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    private static int endOfHost(String text) {
        if (text.startsWith("[")) {
            return text.indexOf(']') + 1;
        }
        int colon = text.indexOf(':');
        boolean isBareV6 = colon >= 0 && text.indexOf(':', colon + 1) >= 0;
        return colon < 0 || isBareV6 ? text.length() : colon;
    }
}
