package org.dkimproxy.standalone.net;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A host and a port.
 *
 * @param host a name or an address, an IPv6 address without brackets; {@code *} for every address of this machine
 * @param port from 0 to 65535; 0 asks the system for a free one
 */
public record HostPort(String host, int port) {
    private static final String NOT_IN_HOST = "[]/=,;@";
    private static final int LARGEST_PORT = 65_535;

    /** Checks the port. */
    public HostPort {
        if (host.isEmpty() || port < 0 || port > LARGEST_PORT) {
            throw new IllegalArgumentException("no address: " + host + ", port " + port);
        }
    }

    /**
     * Reads {@code host:port}, {@code [v6]:port}, {@code host}, {@code [v6]}, or a bare IPv6 address.
     *
     * @param standardPort the port if none is written
     * @return empty if the text is none of these, or lacks a port and there is no standard one, or could be an IPv6 address
     *     with and without a port
     */
    public static Optional<HostPort> parse(String text, OptionalInt standardPort) {
        if (withBrackets(text).isPresent()) {
            return Optional.empty();
        }
        int end = endOfHost(text);
        String host =
                text.startsWith("[") && end > 0 ? text.substring(1, end - 1) : text.substring(0, Math.max(end, 0));
        if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || NOT_IN_HOST.indexOf(c) >= 0)) {
            return Optional.empty();
        }
        String rest = text.substring(end);
        OptionalInt port =
                rest.isEmpty() ? standardPort : rest.startsWith(":") ? port(rest.substring(1)) : OptionalInt.empty();
        return port.isPresent() ? Optional.of(new HostPort(host, port.getAsInt())) : Optional.empty();
    }

    /**
     * What to expect in place of a text that {@link #parse} does not read.
     *
     * @param form what it should look like
     */
    public static String expected(String text, String form) {
        Optional<String> bracketed = withBrackets(text);
        if (bracketed.isPresent()) {
            return "brackets, since IPv6 addresses need them: " + bracketed.get();
        }
        if (isIpv6(text)) {
            return "brackets and a port, since IPv6 addresses need them: [" + text + "]:PORT";
        }
        String port = text.substring(text.lastIndexOf(':') + 1);
        boolean isNumber = text.indexOf(':') >= 0 && port.matches("-?[0-9]+");
        return isNumber && port(port).isEmpty() ? "a port from 1 to " + LARGEST_PORT : form;
    }

    /** {@code [v6]:port} for a {@code v6:port}. */
    private static Optional<String> withBrackets(String text) {
        int colon = text.lastIndexOf(':');
        boolean isAddressAndPort = colon > 0
                && !text.startsWith("[")
                && isIpv6(text.substring(0, colon))
                && port(text.substring(colon + 1)).isPresent();
        return isAddressAndPort
                ? Optional.of("[" + text.substring(0, colon) + "]:" + text.substring(colon + 1))
                : Optional.empty();
    }

    private static boolean isIpv6(String text) {
        return text.indexOf(':') >= 0 && Hosts.literal(text).isPresent();
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
