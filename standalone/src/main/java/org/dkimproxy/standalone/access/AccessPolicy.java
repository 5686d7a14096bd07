package org.dkimproxy.standalone.access;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Who may connect. Without any list everyone may. With any, in this order: an address on a list of those denied may not;
 * one on a list of those allowed may; every other one may not, even if there are only lists of those denied.
 *
 * @param deny expressions for addresses that may not connect, as {@link AddressText} writes them
 * @param cidrDeny networks that may not connect
 * @param allow expressions for addresses that may connect
 * @param cidrAllow networks that may connect
 */
public record AccessPolicy(
        List<AddressPattern> deny, List<Network> cidrDeny, List<AddressPattern> allow, List<Network> cidrAllow) {
    /** No list at all. */
    public static final AccessPolicy EVERYONE = new AccessPolicy(List.of(), List.of(), List.of(), List.of());

    /** Takes copies. */
    public AccessPolicy {
        deny = List.copyOf(deny);
        cidrDeny = List.copyOf(cidrDeny);
        allow = List.copyOf(allow);
        cidrAllow = List.copyOf(cidrAllow);
    }

    /**
     * Why a client may not connect, in a few words with the entry that decided; empty if it may. An expression that takes
     * too long decides against the client.
     */
    public Optional<String> refusal(InetAddress client) {
        if (deny.isEmpty() && cidrDeny.isEmpty() && allow.isEmpty() && cidrAllow.isEmpty()) {
            return Optional.empty();
        }
        String address = AddressText.of(client);
        for (AddressPattern pattern : deny) {
            Optional<Boolean> matches = pattern.matches(address);
            if (matches.orElse(true)) {
                return Optional.of("deny " + pattern + (matches.isEmpty() ? " takes too many steps" : ""));
            }
        }
        Optional<Network> denied =
                cidrDeny.stream().filter(network -> network.contains(client)).findFirst();
        if (denied.isPresent()) {
            return denied.map(network -> "cidr_deny " + network);
        }
        boolean allowed =
                allow.stream().anyMatch(pattern -> pattern.matches(address).orElse(false))
                        || cidrAllow.stream().anyMatch(network -> network.contains(client));
        return allowed ? Optional.empty() : Optional.of("nothing allows it");
    }
}
