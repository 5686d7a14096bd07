package org.dkimproxy.standalone.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.net.Hosts;

/**
 * Where clients connect: the command line's argument; else every {@code listen}; else every {@code port}, with the
 * {@code host} of the same position, or the last one, or all addresses. Those of the command line win over the file's.
 */
final class ListenOptions {
    static final String LISTEN_FORM = "HOST:PORT or [IPV6]:PORT";
    private static final String PORT_FORM = "PORT, HOST:PORT or [IPV6]:PORT";
    private static final String HOST_FORM = "a host without a port";
    private static final String TCP = "/tcp";

    static final Option<List<SourceText>> LISTEN = Option.texts(
                    "listen", "ADDR:PORT", "address and port on which mail comes in; * for all addresses")
            .onRestart();
    static final Option<List<SourceText>> PORT = Option.texts(
                    "port", "PORT", "the same without listen: PORT or ADDR:PORT")
            .onRestart();
    static final Option<List<SourceText>> HOST = Option.texts(
                    "host", "ADDR", "address for the port of the same position")
            .onRestart();

    private final OptionValues values;
    private final List<HostPort> addresses = new ArrayList<>();
    private boolean isWrong;

    private ListenOptions(OptionValues values) {
        this.values = values;
    }

    /**
     * Reads the addresses, each once, at least one; problems with values of a conf file are left in {@code values}.
     *
     * @return empty if an address of the conf file is wrong
     * @throws UsageException if there is no address, or one of the command line is wrong
     */
    static Optional<List<HostPort>> read(OptionValues values, Optional<SourceText> argument) throws UsageException {
        return new ListenOptions(values).read(argument);
    }

    private Optional<List<HostPort>> read(Optional<SourceText> argument) throws UsageException {
        List<SourceText> listen = values.get(LISTEN);
        List<SourceText> hosts = values.get(HOST);
        List<SourceText> ports = values.get(PORT);
        boolean portsWin =
                !ports.isEmpty() && (listen.isEmpty() || (isOfCommandLine(ports) && !isOfCommandLine(listen)));
        if (argument.isPresent()) {
            listen(argument.get());
        } else if (portsWin) {
            pair(hosts, ports);
            warnOfRest(listen, "listen", "port");
        } else if (!listen.isEmpty()) {
            for (SourceText each : listen) {
                listen(each);
            }
            warnOfRest(ports, "port", "listen");
            warnOfRest(hosts, "host", "listen");
        } else {
            throw new UsageException(
                    "no listen address: give LISTENADDR:PORT RELAYADDR:PORT, or listen in the conf file");
        }
        return isWrong ? Optional.empty() : Optional.of(eachOnce(addresses));
    }

    private static List<HostPort> eachOnce(List<HostPort> addresses) {
        // the methods by which records compare are made when they are first called, and a start would wait for that
        return addresses.size() == 1
                ? List.copyOf(addresses)
                : addresses.stream().distinct().toList();
    }

    private void listen(SourceText written) throws UsageException {
        keep("listen address", written, HostPort.parse(written.text(), OptionalInt.empty()), LISTEN_FORM);
    }

    private void pair(List<SourceText> hosts, List<SourceText> ports) throws UsageException {
        for (int i = 0; i < ports.size(); i++) {
            String text = ports.get(i).text();
            String plain = text.endsWith(TCP) ? text.substring(0, text.length() - TCP.length()) : text;
            OptionalInt port = HostPort.port(plain);
            if (port.isEmpty()) {
                keep("port", ports.get(i), HostPort.parse(plain, OptionalInt.empty()), PORT_FORM);
            } else if (hosts.isEmpty()) {
                addresses.add(new HostPort("*", port.getAsInt()));
            } else {
                SourceText host = hosts.get(Math.min(i, hosts.size() - 1));
                Optional<HostPort> address =
                        HostPort.parse(host.text(), port).filter(found -> found.port() == port.getAsInt());
                keep("host", host, address, HOST_FORM);
            }
        }
        if (hosts.size() > ports.size()) {
            SourceText first = hosts.get(ports.size());
            values.add(first.warning("a host without a port, which is ignored", "one port for each host"));
        }
    }

    private void keep(String what, SourceText written, Optional<HostPort> parsed, String form) throws UsageException {
        Optional<HostPort> address = parsed.filter(Hosts::isPossible);
        if (address.isPresent()) {
            addresses.add(address.get());
            return;
        }
        String found = Problem.quoted(written.text());
        if (GivenOptions.isOnCommandLine(written)) {
            throw new UsageException(what + " " + found + ": expected " + HostPort.expected(written.text(), form));
        }
        isWrong = true;
        values.add(written.error(found, HostPort.expected(written.text(), form)));
    }

    private void warnOfRest(List<SourceText> rest, String name, String winner) {
        for (SourceText each : rest) {
            values.add(each.warning(name + " beside " + winner + ", which wins over it", "one of the two"));
        }
    }

    private static boolean isOfCommandLine(List<SourceText> list) {
        return GivenOptions.isOnCommandLine(list.getFirst());
    }
}
