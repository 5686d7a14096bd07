package org.dkimproxy.standalone.access;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The addresses that begin with the same bits (RFC 4632 section 3.1, RFC 4291 section 2.3). IPv4 and IPv6 are apart; an
 * IPv4-mapped address is IPv4.
 *
 * @param address any address of the network
 * @param prefix how many bits are the same, from 0 to 32 or 128
 */
public record Network(InetAddress address, int prefix) {
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
    private static final Pattern PREFIX = Pattern.compile("[0-9]{1,3}");
    private static final int MAPPED_PREFIX = 96;

    /** Checks the prefix. */
    public Network {
        if (prefix < 0 || prefix > bits(address)) {
            throw new IllegalArgumentException("no prefix of " + address + ": " + prefix);
        }
    }

    /**
     * Reads {@code ADDRESS/PREFIX} or a bare address, which stands for itself. Never asks a name server.
     *
     * @return empty for anything else
     */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        Optional<InetAddress> address = address(literal);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int bits = bits(address.get());
        OptionalInt written = slash < 0 ? OptionalInt.empty() : number(text.substring(slash + 1));
        if (slash >= 0 && written.isEmpty()) {
            return Optional.empty();
        }
        boolean isMapped = literal.indexOf(':') >= 0 && bits == Integer.SIZE;
        int prefix = written.isEmpty() ? bits : written.getAsInt() - (isMapped ? MAPPED_PREFIX : 0);
        return prefix < 0 || prefix > bits ? Optional.empty() : Optional.of(new Network(address.get(), prefix));
    }

    /** Whether the address lies in this network. */
    public boolean contains(InetAddress other) {
        if (bits(other) != bits(address)) {
            return false;
        }
        BigInteger own = new BigInteger(1, address.getAddress());
        BigInteger differing = own.xor(new BigInteger(1, other.getAddress()));
        return differing.bitLength() <= bits(address) - prefix;
    }

    /** {@code ADDRESS/PREFIX}. */
    @Override
    public String toString() {
        return AddressText.of(address) + "/" + prefix;
    }

    private static int bits(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }

    private static Optional<InetAddress> address(String literal) {
        if (!IPV4.matcher(literal).matches() && !IPV6.matcher(literal).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(literal));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static OptionalInt number(String digits) {
        return PREFIX.matcher(digits).matches() ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }
}
