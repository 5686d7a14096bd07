package org.dkimproxy.standalone;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.dkimproxy.standalone.daemon.Background;
import org.dkimproxy.standalone.daemon.BackgroundProcess;
import org.dkimproxy.standalone.daemon.Privileges;
import org.dkimproxy.standalone.daemon.RunAs;
import org.dkimproxy.standalone.daemon.Signals;
import org.dkimproxy.standalone.daemon.StartException;
import org.dkimproxy.standalone.daemon.SystemFiles;
import org.dkimproxy.standalone.log.LogBridge;
import org.dkimproxy.standalone.log.ProgramLog;
import org.dkimproxy.standalone.options.CommandLine;
import org.dkimproxy.standalone.options.GivenOptions;
import org.dkimproxy.standalone.options.KnownOptions;
import org.dkimproxy.standalone.options.Program;
import org.dkimproxy.standalone.options.ProgramSettings;
import org.dkimproxy.standalone.options.Startup;
import org.dkimproxy.standalone.options.UsageException;

/**
 * The program {@code dkimproxy.out}: reads what it is asked for, listens, and runs until a signal ends it. HUP has it read its
 * configuration again, QUIT has it end with its last session.
 *
 * <p>Exit codes: 0 after a signal, 1 when it cannot start and after {@code --help}, 2 for a wrong command line.
 */
public final class DkimproxyOut {
    private static final int DONE = 0;
    private static final int CANNOT_START = 1;
    private static final int HELP = 1;
    private static final Duration TIME_TO_SERVE = Duration.ofSeconds(90);

    /** Its options, and what the usage and the manual say of it. */
    public static final Program PROGRAM = new Program(
            "dkimproxy.out [options] LISTENADDR:PORT RELAYADDR:PORT",
            "Signs the mail that it relays with DKIM.",
            KnownOptions.ofProxy(),
            HELP);

    private final PrintStream out;
    private final PrintStream err;
    private final Supplier<Signals> signals;

    /** @param signals gives those of the process; asked once, by the process that is to serve */
    DkimproxyOut(PrintStream out, PrintStream err, Supplier<Signals> signals) {
        this.out = out;
        this.err = err;
        this.signals = signals;
    }

    /** Runs the program. */
    public static void main(String[] args) {
        HeadStart headStart = HeadStart.begin();
        LogBridge.beFound();
        System.exit(new DkimproxyOut(System.out, System.err, headStart::signals).run(List.of(args)));
    }

    int run(List<String> args) {
        ProgramLog log = new ProgramLog(err, BackgroundProcess.isThis());
        try {
            return PROGRAM.run(args, out, err, commandLine -> run(commandLine, log));
        } finally {
            log.flush();
        }
    }

    private int run(CommandLine commandLine, ProgramLog log) throws UsageException {
        GivenOptions given = GivenOptions.read(commandLine, PROGRAM.known());
        try {
            if (!BackgroundProcess.isThis() && given.isBackground()) {
                GivenOptions.checkForBackground(commandLine);
                return Background.start(TIME_TO_SERVE, err);
            }
            Optional<BackgroundProcess> background = BackgroundProcess.begin();
            Optional<Startup<ProgramSettings>> startup = Startup.read(
                    given,
                    values -> ProgramSettings.readForStart(values, commandLine.arguments()),
                    settings -> settings.proxy().message(),
                    log,
                    err);
            return startup.isPresent() ? serve(startup.get(), commandLine, background, log) : CANNOT_START;
        } catch (StartException | IOException e) {
            log.flush();
            err.println("Error: " + e.getMessage());
            return CANNOT_START;
        }
    }

    private int serve(
            Startup<ProgramSettings> startup,
            CommandLine commandLine,
            Optional<BackgroundProcess> background,
            ProgramLog log)
            throws StartException, IOException {
        startup.notices().forEach(log::notice);
        RunAs target = startup.settings()
                .daemon()
                .runAs()
                .value()
                .orElseThrow(() -> new StartException("user, group or chroot has just gone"));
        Privileges.check(target);
        if (target.root().isPresent()) {
            SystemFiles.keepAddresses();
        }
        // before anyone can see that it runs; a HUP from before is ignored, and what it is about is seen to have
        // changed since
        Signals trapped = signals.get();
        trapped.trap();
        ProxyProcess process = new ProxyProcess(commandLine, PROGRAM.known(), startup, log);
        try {
            process.stopOnSignals();
            process.settle(target, trapped);
            if (background.isPresent()) {
                log.flush();
                background.get().tellReady();
            }
        } catch (StartException e) {
            process.abandon();
            throw e;
        }
        process.serve();
        return DONE;
    }
}
