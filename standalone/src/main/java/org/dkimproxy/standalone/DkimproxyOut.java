package org.dkimproxy.standalone;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.signing.config.LoadedConfiguration;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.cli.CommandLine;
import org.dkimproxy.standalone.cli.Program;
import org.dkimproxy.standalone.config.DaemonSettings;
import org.dkimproxy.standalone.config.ProgramSettings;
import org.dkimproxy.standalone.config.ProxyOptions;
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
            ProxyOptions.TABLE,
            true,
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
        int wrongConfiguration = new OptionValues(commandLine.options()).get(ProxyOptions.EX_CONFIG)
                ? ExitCodes.EX_CONFIG
                : ExitCodes.CANNOT_START;
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
        GivenOptions given = ProxyOptions.LOADER.read(Parsed.of(commandLine.options()));
        OptionValues values = given.values();
        if (!BackgroundProcess.isThis() && values.get(DaemonSettings.DAEMONIZE)) {
            checkForBackground(given);
            return Background.start(TIME_TO_SERVE, err.stream());
        }
        Optional<BackgroundProcess> background = BackgroundProcess.begin();
        if (DaemonSettings.root(values).isPresent()) {
            // before a name is looked up
            SystemFiles.keepAddresses();
        }
        Optional<ProgramSettings> settings =
                given.isUnusable() ? Optional.empty() : ProgramSettings.readForStart(values, commandLine.arguments());
        settings.ifPresent(read -> read.proxy().message().setUp(log, values));
        LoadedConfiguration<ProgramSettings> loaded =
                ProxyOptions.LOADER.load(given, values, settings, ProxyOptions.viewAtStart(given));
        log.flush();
        loaded.problems().forEach(err::print);
        return switch (loaded) {
            case LoadedConfiguration.Valid<ProgramSettings> valid -> serve(valid, commandLine, background, log);
            case LoadedConfiguration.Invalid<ProgramSettings> _ -> wrongConfiguration;
        };
    }

    /** The process in the background has to read the same options once more. */
    private static void checkForBackground(GivenOptions given) throws StartException {
        Optional<Path> once = given.transientConfFile();
        if (once.isPresent()) {
            throw new StartException(
                    "daemonize: " + once.get() + " is not a regular file, so it can be read only once, and"
                            + " the background process would have to read it again; name a file, or run in the foreground");
        }
    }

    private int failed(Exception reason, ProgramLog log, int exitCode) {
        log.flush();
        err.stream().println("Error: " + reason.getMessage());
        return exitCode;
    }

    private int serve(
            LoadedConfiguration.Valid<ProgramSettings> loaded,
            CommandLine commandLine,
            Optional<BackgroundProcess> background,
            ProgramLog log)
            throws StartException, IOException {
        loaded.notices().forEach(log::notice);
        loaded.settings().proxy().message().notices().forEach(log::notice);
        RunAs target = loaded.settings()
                .daemon()
                .runAs()
                .value()
                .orElseThrow(() -> new StartException("user, group or chroot disappeared during the start"));
        Privileges.check(target);
        // before anyone can see that it runs; an earlier HUP is ignored: the change that it is sent for is found by the
        // watch
        Signals trapped = signals.get();
        trapped.trap();
        ProxyProcess process = new ProxyProcess(commandLine, loaded, log);
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
