package org.dkimproxy.standalone.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.config.ConfigurationLoader;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.cli.CommandLine;
import org.dkimproxy.standalone.config.DaemonSettings;
import org.dkimproxy.standalone.config.ProxyOptions;
import org.dkimproxy.standalone.config.UsageException;
import org.dkimproxy.standalone.net.HostPort;

/**
 * What dkimproxy-check is asked to do.
 *
 * @param daemon the command line that the daemon would have
 * @param sender whose messages to tell of
 * @param looksUpRecords whether to ask the DNS
 * @param server whom to ask; empty for the system's servers
 */
record CheckSettings(CommandLine daemon, Optional<String> sender, boolean looksUpRecords, Optional<HostPort> server) {
    private static final int DNS_PORT = 53;
    private static final Option<Optional<SourceText>> SENDER =
            Option.text("sender", "ADDR", "", "show which rule signs a message from ADDR, and how");
    private static final Option<Boolean> DNS =
            Option.flag("dns", "look up the record of each selector and compare it with the key");
    private static final Option<Optional<SourceText>> DNS_SERVER =
            Option.text("dns_server", "HOST:PORT", "the system's", "ask this server, with --dns");
    private static final OptionTable.Group OWN = OptionTable.Group.of("Tool", SENDER, DNS, DNS_SERVER);
    private static final Set<String> OWN_NAMES =
            OWN.options().stream().map(Option::name).collect(Collectors.toUnmodifiableSet());

    /** Its own options, and those of the proxy, which win over the conf file. */
    static final OptionTable TABLE = ProxyOptions.TABLE.after(OWN);

    /** This check with further options, over which those of the command line win. */
    CheckSettings with(List<ConfOption> more) {
        List<ConfOption> options = new ArrayList<>(more);
        options.addAll(daemon.options());
        return new CheckSettings(
                new CommandLine(daemon.request(), options, daemon.arguments()), sender, looksUpRecords, server);
    }

    /** Whether the command line names the user or the group. */
    boolean namesAccount() {
        return daemon.options().stream()
                .map(ConfOption::name)
                .anyMatch(name -> name.equals(DaemonSettings.USER.name()) || name.equals(DaemonSettings.GROUP.name()));
    }

    static CheckSettings read(CommandLine commandLine) throws UsageException {
        List<SourceText> arguments = commandLine.arguments();
        List<ConfOption> daemonOptions = new ArrayList<>(commandLine.options());
        daemonOptions.removeIf(option -> OWN_NAMES.contains(option.name()));
        if (arguments.isEmpty() && daemonOptions.isEmpty()) {
            throw new UsageException("no configuration: give CONF, or the options of dkimproxy.out");
        }
        // two arguments are the addresses alone, as the daemon takes them
        boolean namesFile = arguments.size() % 2 == 1;
        if (namesFile) {
            daemonOptions.add(
                    new ConfOption(ConfigurationLoader.CONF_FILE.name(), arguments.getFirst(), arguments.getFirst()));
        }
        CommandLine daemon = new CommandLine(
                CommandLine.Request.RUN, daemonOptions, arguments.subList(namesFile ? 1 : 0, arguments.size()));

        OptionValues values = new OptionValues(commandLine.options());
        Optional<String> sender = values.get(SENDER).map(SourceText::text);
        if (sender.isPresent() && sender.get().chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
            throw new UsageException("--sender: found " + Problem.quoted(sender.get()) + ", expected an address");
        }
        boolean looksUp = values.get(DNS);
        Optional<SourceText> server = values.get(DNS_SERVER);
        if (server.isPresent() && !looksUp) {
            throw new UsageException("--dns-server without --dns");
        }
        Optional<HostPort> address = Optional.empty();
        if (server.isPresent()) {
            String text = server.get().text();
            address = HostPort.parse(text, OptionalInt.of(DNS_PORT)).filter(found -> found.port() > 0);
            if (address.isEmpty()) {
                throw new UsageException(
                        "--dns-server: found " + Problem.quoted(text) + ", expected HOST, HOST:PORT or [IPV6]:PORT");
            }
        }
        return new CheckSettings(daemon, sender, looksUp, address);
    }
}
