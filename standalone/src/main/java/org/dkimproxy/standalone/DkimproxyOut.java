package org.dkimproxy.standalone;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.dkimproxy.standalone.config.CommandLine;
import org.dkimproxy.standalone.config.GivenOptions;
import org.dkimproxy.standalone.config.KnownOptions;
import org.dkimproxy.standalone.config.Program;
import org.dkimproxy.standalone.config.ProgramSettings;
import org.dkimproxy.standalone.config.Startup;
import org.dkimproxy.standalone.config.UsageException;
import org.dkimproxy.standalone.daemon.Background;
import org.dkimproxy.standalone.daemon.BackgroundProcess;
import org.dkimproxy.standalone.daemon.ExitCodes;
import org.dkimproxy.standalone.daemon.Privileges;
import org.dkimproxy.standalone.daemon.RunAs;
import org.dkimproxy.standalone.daemon.Signals;
import org.dkimproxy.standalone.daemon.StartException;
import org.dkimproxy.standalone.daemon.SystemFiles;
import org.dkimproxy.standalone.log.LogBridge;
import org.dkimproxy.standalone.log.ProgramLog;

/**
 * The program {@code dkimproxy.out}: reads what it is asked for, listens, and runs until a signal ends it. HUP has it read its
 * configuration again, QUIT has it end with its last session.
 *
 * <p>Exit codes: 0 after a signal, 1 when it cannot start and after {@code --help}, 2 for a wrong command line. With the
 * option {@code ex_config}, 78 (EX_CONFIG of sysexits.h) where the configuration has to be corrected first.
 */
public final class DkimproxyOut {
    private static final int DONE = 0;
    private static final int HELP = 1;
    private static final Duration TIME_TO_SERVE = Duration.ofSeconds(90);

    /** Its options, and what the usage and the manual say of it. */
    public static final Program PROGRAM = new Program(
            "dkimproxy.out [options] LISTENADDR:PORT RELAYADDR:PORT",
            "Signs the mail that it relays with DKIM.",
            KnownOptions.ofProxy(),
            HELP);

    private final PrintStream out;
    private final ErrorOutput err;
    private final Supplier<Signals> signals;

    /** @param signals gives those of the process; asked once, by the process that is to serve */
    DkimproxyOut(PrintStream out, ErrorOutput err, Supplier<Signals> signals) {
        this.out = out;
        this.err = err;
        this.signals = signals;
    }

    /** Runs the program. */
    public static void main(String[] args) {
        Prewarm prewarm = Prewarm.begin();
        LogBridge.beFound();
        System.exit(new DkimproxyOut(System.out, ErrorOutput.ofThisProcess(System.err), prewarm::signals)
                .run(List.of(args)));
    }

    int run(List<String> args) {
        ProgramLog log = err.log(BackgroundProcess.isThis());
        try {
            return PROGRAM.run(args, out, err.stream(), commandLine -> run(commandLine, log));
        } finally {
            log.flush();
        }
    }

    private int run(CommandLine commandLine, ProgramLog log) throws UsageException {
        int wrongConfiguration = commandLine.has(KnownOptions.EX_CONFIG) ? ExitCodes.EX_CONFIG : ExitCodes.CANNOT_START;
        try {
            return start(commandLine, log, wrongConfiguration);
        } catch (UsageException e) {
            // what is missing from the command line may be missing from the conf file as well
            if (wrongConfiguration == ExitCodes.CANNOT_START) {
                throw e;
            }
            Program.printError(e, err.stream());
            return wrongConfiguration;
        } catch (StartException e) {
            return failed(e, log, e.isTemporary() ? ExitCodes.CANNOT_START : wrongConfiguration);
        } catch (IOException e) {
            return failed(e, log, ExitCodes.CANNOT_START);
        }
    }

    private int start(CommandLine commandLine, ProgramLog log, int wrongConfiguration)
            throws UsageException, StartException, IOException {
        GivenOptions given = GivenOptions.read(commandLine, PROGRAM.known());
        if (!BackgroundProcess.isThis() && given.isBackground()) {
            GivenOptions.checkForBackground(commandLine);
            return Background.start(TIME_TO_SERVE, err.stream());
        }
        Optional<BackgroundProcess> background = BackgroundProcess.begin();
        if (given.hasRootDirectory()) {
            // before a name is looked up
            SystemFiles.keepAddresses();
        }
        Optional<Startup<ProgramSettings>> startup = Startup.read(
                given,
                values -> ProgramSettings.readForStart(values, commandLine.arguments()),
                settings -> settings.proxy().message(),
                log,
                err.stream(),
                err::print);
        return startup.isPresent() ? serve(startup.get(), commandLine, background, log) : wrongConfiguration;
    }

    private int failed(Exception reason, ProgramLog log, int exitCode) {
        log.flush();
        err.stream().println("Error: " + reason.getMessage());
        return exitCode;
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
