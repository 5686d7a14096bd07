package org.dkimproxy.standalone.net;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Hosts of addresses, as literals and as names. */
public final class Hosts {
    private Hosts() {}

    /** Whether a host can be one: no name has a colon, so a host with a colon is an IPv6 address, with or without a zone. */
    public static boolean isPossible(HostPort address) {
        String host = address.host();
        int zone = host.indexOf('%');
        return host.indexOf(':') < 0
                || literal(zone < 0 ? host : host.substring(0, zone)).isPresent();
    }

    /** The address that is written as such; empty for a name. */
    public static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }

    /**
     * The addresses of a host, by the resolver of the system, for a caller that cannot wait long.
     *
     * @param timeout maximum wait for the resolver
     * @return none for a name that cannot be resolved within the timeout
     */
    public static List<InetAddress> resolved(String host, Duration timeout) {
        return within(timeout, () -> resolved(host));
    }

    /** The result of a lookup; none if it takes longer than the timeout. A lookup cannot be interrupted, so its thread is left to it. */
    public static List<InetAddress> within(Duration timeout, Supplier<List<InetAddress>> lookup) {
        return CompletableFuture.supplyAsync(
                        lookup,
                        task -> Thread.ofPlatform().daemon().name("lookup").start(task))
                .completeOnTimeout(List.of(), timeout.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** The addresses of a host, by the resolver of the system; none for a name that cannot be resolved. */
    public static List<InetAddress> resolved(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (IOException unknownHost) {
            return List.of();
        }
    }
}
