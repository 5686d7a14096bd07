package org.dkimproxy.standalone;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.dkimproxy.standalone.daemon.Background;
import org.dkimproxy.standalone.daemon.BackgroundProcess;
import org.dkimproxy.standalone.daemon.PidFile;
import org.dkimproxy.standalone.daemon.Privileges;
import org.dkimproxy.standalone.daemon.RunAs;
import org.dkimproxy.standalone.daemon.ServiceManager;
import org.dkimproxy.standalone.daemon.Signal;
import org.dkimproxy.standalone.daemon.Signals;
import org.dkimproxy.standalone.daemon.StartException;
import org.dkimproxy.standalone.daemon.SystemFiles;
import org.dkimproxy.signing.reload.FileStamps;
import org.dkimproxy.standalone.log.ProgramLog;
import org.dkimproxy.standalone.options.Address;
import org.dkimproxy.standalone.options.CommandLine;
import org.dkimproxy.standalone.options.DaemonSettings;
import org.dkimproxy.standalone.options.KnownOptions;
import org.dkimproxy.standalone.options.Program;
import org.dkimproxy.standalone.options.ProgramSettings;
import org.dkimproxy.standalone.options.Startup;
import org.dkimproxy.standalone.options.UsageException;
import org.dkimproxy.standalone.proxy.Listener;
import org.dkimproxy.standalone.reload.LiveConfiguration;
import org.dkimproxy.signing.reload.Reloader;

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

    private final PrintStream out;
    private final PrintStream err;
    private final Signals signals;

    /** @param signals those of the process, trapped or not */
    DkimproxyOut(PrintStream out, PrintStream err, Signals signals) {
        this.out = out;
        this.err = err;
        this.signals = signals;
    }

    /** Runs the program. */
    public static void main(String[] args) {
        System.exit(new DkimproxyOut(System.out, System.err, Signals.trapped()).run(List.of(args)));
    }

    int run(List<String> args) {
        Program program = new Program(
                "dkimproxy.out [options] LISTENADDR:PORT RELAYADDR:PORT",
                "Signs the mail that it relays with DKIM.",
                KnownOptions.ofProxy(),
                HELP);
        ProgramLog log = new ProgramLog(err, BackgroundProcess.isThis());
        try {
            return program.run(args, out, err, commandLine -> run(commandLine, program.known(), log));
        } finally {
            log.flush();
        }
    }

    private int run(CommandLine commandLine, KnownOptions known, ProgramLog log) throws UsageException {
        if (!BackgroundProcess.isThis() && DaemonSettings.isBackground(commandLine, known)) {
            return Background.start(TIME_TO_SERVE, err);
        }
        try {
            Optional<BackgroundProcess> background = BackgroundProcess.begin();
            Optional<Startup<ProgramSettings>> startup = Startup.read(
                    commandLine,
                    known,
                    values -> ProgramSettings.readForStart(values, commandLine.arguments()),
                    settings -> settings.proxy().message(),
                    log,
                    err);
            if (startup.isEmpty()) {
                return CANNOT_START;
            }
            LiveConfiguration configuration = new LiveConfiguration(commandLine, known, startup.get(), log);
            return serve(startup.get(), configuration, background, log);
        } catch (StartException | IOException e) {
            log.flush();
            err.println("Error: " + e.getMessage());
            return CANNOT_START;
        }
    }

    private int serve(
            Startup<ProgramSettings> startup,
            LiveConfiguration configuration,
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
        ProxyProcess process = listen(startup, configuration, log);
        process.stopOnSignals();
        try {
            Unprivileged unprivileged = Unprivileged.become(target, startup, log);
            configuration.useKeysOf(unprivileged.signer());
            answerSignals(process, Reloader.start(unprivileged.files(), reading(configuration, process)), log);
            for (Address bound : process.listener().addresses()) {
                log.info("listening on " + bound + ", relaying to "
                        + startup.settings().proxy().relay());
            }
            process.manager().ready();
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

    /** Binds the addresses and writes the PID file, for both of which rights may be needed that are given up later. */
    private static ProxyProcess listen(
            Startup<ProgramSettings> startup, LiveConfiguration configuration, ProgramLog log)
            throws StartException, IOException {
        Optional<Path> pidPath = startup.settings().daemon().pidFile();
        if (pidPath.isPresent()) {
            // before the address is bound, since "already running" says more than "address in use"
            PidFile.check(pidPath.get());
        }
        Listener listener = Listener.open(configuration::service, log);
        Optional<PidFile> pidFile =
                pidPath.isPresent() ? Optional.of(PidFile.create(pidPath.get(), log)) : Optional.empty();
        return new ProxyProcess(listener, pidFile, ServiceManager.ofThisProcess(log), log);
    }

    private void answerSignals(ProxyProcess process, Reloader reloader, ProgramLog log) {
        signals.answer(Map.of(Signal.HUP, () -> readAgain(reloader, log), Signal.QUIT, process::drain), log);
    }

    /** The log file first: it was perhaps rotated, and the reload is told in it. */
    private static void readAgain(Reloader reloader, ProgramLog log) {
        log.reopen();
        reloader.request();
    }

    private static Supplier<FileStamps> reading(LiveConfiguration configuration, ProxyProcess process) {
        return () -> {
            process.manager().reloading();
            try {
                return configuration.reload();
            } finally {
                process.manager().ready();
            }
        };
    }
}
