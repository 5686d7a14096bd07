package org.dkimproxy.standalone.tool;

import java.net.InetAddress;
import java.util.List;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.standalone.access.AccessPolicy;
import org.dkimproxy.standalone.config.ProxySettings;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.net.Hosts;

/** Checks the addresses that the proxy listens on and relays to, by the resolver of the system. */
final class NetworkCheck {
    private final CheckReport report;

    NetworkCheck(CheckReport report) {
        this.report = report;
    }

    void check(ProxySettings proxy) {
        checkRelay(proxy.relay());
        if (proxy.access().equals(AccessPolicy.EVERYONE)) {
            proxy.listen().forEach(this::checkReach);
        }
    }

    private void checkRelay(HostPort relay) {
        if (Hosts.resolved(relay.host()).isEmpty()) {
            report.problem(
                    Severity.WARNING,
                    "relay " + relay
                            + ": host name cannot be resolved; no mail passes until it can. Correct the name, or"
                            + " see the DNS and /etc/hosts");
        }
    }

    private void checkReach(HostPort listen) {
        List<InetAddress> bound = Hosts.resolved(listen.host());
        if (bound.isEmpty() && !listen.host().equals("*")) {
            report.problem(
                    Severity.WARNING,
                    "listen " + listen + ": host name cannot be resolved, so the start fails. Correct the name, or see"
                            + " the DNS and /etc/hosts");
        } else if (bound.isEmpty() || !bound.stream().allMatch(InetAddress::isLoopbackAddress)) {
            report.problem(
                    Severity.WARNING,
                    "listen " + listen
                            + ": hosts other than this one can connect, and there is no access list; listen on"
                            + " 127.0.0.1, or set cidr_allow");
        }
    }
}
