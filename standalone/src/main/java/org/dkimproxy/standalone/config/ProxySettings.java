package org.dkimproxy.standalone.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.standalone.access.AccessPolicy;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.net.Hosts;

/**
 * How the proxy works.
 *
 * @param listen where clients connect; at least one address
 * @param access who may connect
 * @param relay where each session's mail goes
 * @param message what holds for each message
 * @param bareNewline what becomes of a CR or LF that stands alone
 * @param limits how much it takes on
 */
public record ProxySettings(
        List<HostPort> listen,
        AccessPolicy access,
        HostPort relay,
        MessageSettings message,
        BareNewline bareNewline,
        ProxyLimits limits) {
    private static final int SMTP_PORT = 25;
    private static final String RELAY_FORM = "HOST, HOST:PORT or [IPV6]:PORT";

    /** Takes a copy of the addresses. */
    public ProxySettings {
        listen = List.copyOf(listen);
        if (listen.isEmpty()) {
            throw new IllegalArgumentException("no address to listen on");
        }
    }

    /**
     * Reads the settings; problems with values of a conf file are left in {@code values}.
     *
     * @param arguments the command line's arguments: none, or listen and relay address
     * @return empty if an address of the conf file is wrong
     * @throws UsageException if an address is missing, or is wrong on the command line
     */
    public static Optional<ProxySettings> read(OptionValues values, List<SourceText> arguments) throws UsageException {
        if (arguments.size() == 1 || arguments.size() > 2) {
            throw new UsageException("expected the two addresses LISTENADDR:PORT RELAYADDR:PORT, found "
                    + arguments.size() + (arguments.size() == 1 ? " argument" : " arguments"));
        }
        Optional<List<HostPort>> listen = ListenOptions.read(values, argument(arguments, 0));
        Optional<SourceText> relayArgument = argument(arguments, 1);
        Optional<HostPort> relay = relay(values, relayArgument);
        if (listen.isPresent() && relay.isPresent()) {
            SourceText written =
                    relayArgument.or(() -> values.text(relayOption(values))).orElseThrow();
            check(listen.get(), relay.get(), written, values);
        }
        AccessPolicy access = AccessOptions.read(values);
        MessageSettings message = MessageSettings.read(values);
        BareNewline bareNewline = values.choice("bare_newline", BareNewline.NORMALIZE);
        ProxyLimits limits = ProxyLimits.read(values);
        return listen.flatMap(
                from -> relay.map(to -> new ProxySettings(from, access, to, message, bareNewline, limits)));
    }

    /** The options in which {@code next} differs and that are looked at in a start only. */
    List<String> needingRestart(ProxySettings next) {
        List<String> names = new ArrayList<>();
        if (!listen.equals(next.listen)) {
            names.add("listen");
        }
        if (!relay.equals(next.relay)) {
            names.add("relay");
        }
        if (limits.connections() != next.limits.connections()) {
            names.add("max_servers");
        }
        return names;
    }

    /** What holds after a reload: {@code next}, but for what is looked at in a start only. */
    public ProxySettings reloadedAs(ProxySettings next) {
        return new ProxySettings(
                listen, next.access, relay, next.message, next.bareNewline, limits.reloadedAs(next.limits));
    }

    private static Optional<SourceText> argument(List<SourceText> arguments, int index) {
        return index < arguments.size() ? Optional.of(arguments.get(index)) : Optional.empty();
    }

    private static Optional<HostPort> relay(OptionValues values, Optional<SourceText> argument) throws UsageException {
        int port = (int) values.number("relay_port", 1, 65_535, SMTP_PORT);
        String name = relayOption(values);
        Optional<SourceText> written = argument.or(() -> values.text(name));
        if (written.isEmpty()) {
            throw new UsageException(
                    "no relay address: give LISTENADDR:PORT RELAYADDR:PORT, or relay in the conf file");
        }
        String text = written.get().text();
        Optional<HostPort> address = HostPort.parse(text, OptionalInt.of(port)).filter(Hosts::isPossible);
        if (address.isEmpty() && CommandLine.isSourceOf(written.get())) {
            throw new UsageException(
                    name + " address " + Problem.quoted(text) + ": expected " + HostPort.expected(text, RELAY_FORM));
        }
        return argument.isPresent() ? address : values.read(name, HostPort.expected(text, RELAY_FORM), _ -> address);
    }

    private static String relayOption(OptionValues values) {
        return values.text("relay").isPresent() || values.text("relay_host").isEmpty() ? "relay" : "relay_host";
    }

    private static void check(List<HostPort> listen, HostPort relay, SourceText written, OptionValues values) {
        RelayWarnings.of(written, relay).ifPresent(values::add);
        RelayLoop.ofThisMachine()
                .find(listen, relay)
                .ifPresent(loop -> values.add(written.error(
                        "relay " + relay + ", which leads back to the listen address " + loop,
                        "the address of the mail server that takes signed mail")));
    }
}
