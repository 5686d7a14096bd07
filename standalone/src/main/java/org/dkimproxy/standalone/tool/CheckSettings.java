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
import org.dkimproxy.standalone.config.CommandLine;
import org.dkimproxy.standalone.config.KnownOption;
import org.dkimproxy.standalone.config.KnownOptions;
import org.dkimproxy.standalone.config.OptionValues;
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
    private static final Set<String> OWN =
            KnownOptions.ownOfCheckTool().stream().map(KnownOption::name).collect(Collectors.toUnmodifiableSet());

    /** The same check of a program that these options are given to as well, before its own. */
    CheckSettings with(List<ConfOption> more) {
        List<ConfOption> options = new ArrayList<>(more);
        options.addAll(daemon.options());
        return new CheckSettings(
                new CommandLine(daemon.request(), options, daemon.arguments()), sender, looksUpRecords, server);
    }

    /** Whether the command line says who the program becomes. */
    boolean namesAccount() {
        return daemon.options().stream()
                .anyMatch(
                        option -> option.name().equals("user") || option.name().equals("group"));
    }

    static CheckSettings read(CommandLine commandLine) throws UsageException {
        List<SourceText> arguments = commandLine.arguments();
        List<ConfOption> daemonOptions = new ArrayList<>(commandLine.options());
        daemonOptions.removeIf(option -> OWN.contains(option.name()));
        if (arguments.isEmpty() && daemonOptions.isEmpty()) {
            throw new UsageException("no configuration: give CONF, or the options of dkimproxy.out");
        }
        // two arguments are the addresses alone, as the daemon takes them
        boolean namesFile = arguments.size() % 2 == 1;
        if (namesFile) {
            daemonOptions.add(new ConfOption("conf_file", arguments.getFirst(), arguments.getFirst()));
        }
        CommandLine daemon = new CommandLine(
                CommandLine.Request.RUN, daemonOptions, arguments.subList(namesFile ? 1 : 0, arguments.size()));

        OptionValues values = new OptionValues(commandLine.options());
        Optional<String> sender = values.text("sender").map(SourceText::text);
        if (sender.isPresent() && sender.get().chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
            throw new UsageException("--sender: found " + Problem.quoted(sender.get()) + ", expected an address");
        }
        boolean looksUp = values.flag("dns");
        Optional<SourceText> server = values.text("dns_server");
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
