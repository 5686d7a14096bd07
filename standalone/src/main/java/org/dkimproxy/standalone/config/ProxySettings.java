package org.dkimproxy.standalone.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.access.AccessPolicy;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.net.Hosts;

/**
 * How the proxy works.
 *
 * @param listen where clients connect; at least one address
 * @param access the clients that may connect
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
    private static final int MAXIMUM_PORT = 65_535;
    private static final String RELAY_FORM = "HOST, HOST:PORT or [IPV6]:PORT";

    static final Option<Optional<SourceText>> RELAY = Option.text(
                    "relay", "ADDR[:PORT]", "port 25", "address and port to which signed mail goes")
            .onRestart();
    static final Option<Optional<SourceText>> RELAY_HOST = Option.text(
                    "relay_host", "ADDR", "", "the same without a port, when relay is not given")
            .onRestart();
    static final Option<Long> RELAY_PORT = Option.number(
                    "relay_port", "PORT", 1, MAXIMUM_PORT, SMTP_PORT, "port of the relay when its address names none")
            .onRestart();
    static final Option<BareNewline> BARE_NEWLINE =
            Option.choice("bare_newline", BareNewline.NORMALIZE, "what to do with a CR or LF that stands alone");

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
     * @param root the root directory that the process will have
     * @return empty if an address of the conf file is wrong
     * @throws UsageException if an address is missing, or is wrong on the command line
     */
    public static Optional<ProxySettings> read(OptionValues values, List<SourceText> arguments, Optional<Path> root)
            throws UsageException {
        if (arguments.size() == 1 || arguments.size() > 2) {
            throw new UsageException("expected the two addresses LISTENADDR:PORT RELAYADDR:PORT, found "
                    + arguments.size() + (arguments.size() == 1 ? " argument" : " arguments"));
        }
        Optional<List<HostPort>> listen = ListenOptions.read(values, argument(arguments, 0));
        Optional<SourceText> relayArgument = argument(arguments, 1);
        Optional<HostPort> relay = relay(values, relayArgument);
        if (listen.isPresent() && relay.isPresent()) {
            SourceText written =
                    relayArgument.or(() -> values.get(relayOption(values))).orElseThrow();
            check(listen.get(), relay.get(), written, values);
        }
        AccessPolicy access = AccessOptions.read(values);
        MessageSettings message = MessageSettings.read(values, root);
        BareNewline bareNewline = values.get(BARE_NEWLINE);
        ProxyLimits limits = ProxyLimits.read(values);
        return listen.flatMap(
                from -> relay.map(to -> new ProxySettings(from, access, to, message, bareNewline, limits)));
    }

    private static Optional<SourceText> argument(List<SourceText> arguments, int index) {
        return index < arguments.size() ? Optional.of(arguments.get(index)) : Optional.empty();
    }

    private static Optional<HostPort> relay(OptionValues values, Optional<SourceText> argument) throws UsageException {
        int port = Math.toIntExact(values.get(RELAY_PORT));
        Option<Optional<SourceText>> option = relayOption(values);
        Optional<SourceText> written = argument.or(() -> values.get(option));
        if (written.isEmpty()) {
            throw new UsageException(
                    "no relay address: give LISTENADDR:PORT RELAYADDR:PORT, or relay in the conf file");
        }
        String text = written.get().text();
        Optional<HostPort> address = HostPort.parse(text, OptionalInt.of(port)).filter(Hosts::isPossible);
        String expected = HostPort.expected(text, RELAY_FORM);
        if (address.isEmpty()) {
            if (GivenOptions.isOnCommandLine(written.get())) {
                throw new UsageException(option.name() + " address " + Problem.quoted(text) + ": expected " + expected);
            }
            values.add(written.get().error(Problem.quoted(text), expected));
        }
        return address;
    }

    private static Option<Optional<SourceText>> relayOption(OptionValues values) {
        return values.has(RELAY) || !values.has(RELAY_HOST) ? RELAY : RELAY_HOST;
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
