package org.dkimproxy.standalone.config;

import java.net.InetAddress;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.net.Hosts;

/** Warnings about relay addresses that are valid and probably not what was meant. */
final class RelayWarnings {
    private RelayWarnings() {}

    /** The warning about an address, if there is one. */
    static Optional<Problem> of(SourceText written, HostPort relay) {
        String host = relay.host();
        if (host.matches("[0-9]+")) {
            return Optional.of(written.warning(
                    Problem.quoted(written.text()) + ", a number in place of a host",
                    "a host and a port, such as 127.0.0.1:" + host));
        }
        return Hosts.literal(host)
                .filter(InetAddress::isAnyLocalAddress)
                .map(_ -> written.warning(
                        Problem.quoted(written.text()) + ", an unspecified address",
                        "the address of the relay, such as 127.0.0.1 or ::1"));
    }
}
