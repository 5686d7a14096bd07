package org.dkimproxy.standalone;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.standalone.options.Address;
import org.dkimproxy.standalone.options.CommandLine;
import org.dkimproxy.standalone.options.KnownOptions;
import org.dkimproxy.standalone.options.ProxySettings;
import org.dkimproxy.standalone.options.Startup;
import org.dkimproxy.standalone.options.Usage;
import org.dkimproxy.standalone.options.UsageException;
import org.dkimproxy.standalone.proxy.Listener;

/**
 * The program {@code dkimproxy.out}: reads what it is asked for, listens, and runs until a signal ends it.
 *
 * <p>Exit codes: 0 after a signal, 1 when it cannot start and after {@code --help}, 2 for a wrong command line.
 */
public final class DkimproxyOut {
    private static final int DONE = 0;
    private static final int CANNOT_START = 1;
    private static final int HELP = 1;
    private static final int WRONG_USAGE = 2;
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(10);

    private final PrintStream out;
    private final PrintStream err;

    DkimproxyOut(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs the program. */
    public static void main(String[] args) {
        System.exit(new DkimproxyOut(System.out, System.err).run(List.of(args)));
    }

    int run(List<String> args) {
        KnownOptions known = KnownOptions.ofProxy();
        try {
            CommandLine commandLine = CommandLine.parse(args, known);
            if (commandLine.wantsHelp()) {
                out.print(usage(known));
                out.flush();
                return HELP;
            }
            Optional<Startup<ProxySettings>> startup = Startup.read(
                    commandLine,
                    known,
                    values -> ProxySettings.read(values, commandLine.arguments()),
                    ProxySettings::message,
                    err);
            return startup.isPresent() ? serve(startup.get()) : CANNOT_START;
        } catch (UsageException e) {
            err.print("Error: " + e.getMessage() + "\n\n" + usage(known));
            err.flush();
            return WRONG_USAGE;
        }
    }

    private int serve(Startup<ProxySettings> startup) {
        ProxySettings settings = startup.settings();
        Listener listener;
        try {
            listener = Listener.open(settings, startup.signer()::begin, startup.log());
        } catch (IOException e) {
            err.println("Error: " + e.getMessage());
            return CANNOT_START;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(listener, startup), "stop"));
        for (Address bound : listener.addresses()) {
            startup.log().info("listening on " + bound + ", relaying to " + settings.relay());
        }
        listener.serve();
        return DONE;
    }

    /** Runs when a signal ends the program; the exit code would be the signal's if the program were not halted. */
    private static void stop(Listener listener, Startup<ProxySettings> startup) {
        if (listener.stop(TIME_TO_STOP)) {
            startup.log().info("stopped");
            Runtime.getRuntime().halt(DONE);
        }
    }

    private static String usage(KnownOptions known) {
        return Usage.of(
                "dkimproxy.out [options] LISTENADDR:PORT RELAYADDR:PORT",
                "Signs the mail that it relays with DKIM.",
                known);
    }
}
