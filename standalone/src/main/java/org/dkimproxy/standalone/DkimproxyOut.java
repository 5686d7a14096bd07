package org.dkimproxy.standalone;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dkimproxy.signing.reload.Reloader;
import org.dkimproxy.standalone.daemon.PidFile;
import org.dkimproxy.standalone.daemon.PidFileException;
import org.dkimproxy.standalone.daemon.Signal;
import org.dkimproxy.standalone.daemon.Signals;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.ProgramLog;
import org.dkimproxy.standalone.metrics.MetricsService;
import org.dkimproxy.standalone.options.Address;
import org.dkimproxy.standalone.options.CommandLine;
import org.dkimproxy.standalone.options.KnownOptions;
import org.dkimproxy.standalone.options.Program;
import org.dkimproxy.standalone.options.ProgramSettings;
import org.dkimproxy.standalone.options.ProxySettings;
import org.dkimproxy.standalone.options.Startup;
import org.dkimproxy.standalone.options.UsageException;
import org.dkimproxy.standalone.proxy.Listener;
import org.dkimproxy.standalone.reload.LiveConfiguration;
import org.jspecify.annotations.Nullable;

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
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(10);
    private static final Duration TIME_TO_DRAIN = Duration.ofMinutes(5);

    /** Its options, and what the usage and the manual say of it. */
    public static final Program PROGRAM = new Program(
            "dkimproxy.out [options] LISTENADDR:PORT RELAYADDR:PORT",
            "Signs the mail that it relays with DKIM.",
            KnownOptions.ofProxy(),
            HELP);

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
        ProgramLog log = new ProgramLog(err, false);
        try {
            return PROGRAM.run(args, out, err, commandLine -> run(commandLine, PROGRAM.known(), log));
        } finally {
            log.flush();
        }
    }

    private int run(CommandLine commandLine, KnownOptions known, ProgramLog log) throws UsageException {
        Optional<Startup<ProgramSettings>> startup = Startup.read(
                commandLine,
                known,
                values -> ProgramSettings.read(values, commandLine.arguments()),
                settings -> settings.proxy().message(),
                log,
                err);
        return startup.isPresent() ? serve(startup.get(), commandLine, known, log) : CANNOT_START;
    }

    private int serve(Startup<ProgramSettings> startup, CommandLine commandLine, KnownOptions known, ProgramLog log) {
        ProxySettings settings = startup.settings().proxy();
        Optional<Path> pidPath = startup.settings().daemon().pidFile();
        startup.notices().forEach(log::notice);
        LiveConfiguration configuration;
        Listener listener;
        MetricsService metrics;
        try {
            checkPidFile(pidPath);
            metrics = MetricsService.open(startup.settings().metrics());
            configuration = new LiveConfiguration(commandLine, known, startup, metrics.metrics(), log);
            listener = Listener.open(configuration::service, metrics.metrics(), log);
        } catch (IOException e) {
            return cannotStart(e.getMessage(), log);
        } catch (PidFileException e) {
            return cannotStart(e.getMessage(), log);
        }
        Reloader reloader = Reloader.start(startup.files(), configuration::reload);
        Signals.answer(
                Map.of(Signal.HUP, () -> readAgain(reloader, log), Signal.QUIT, () -> drain(listener, log)), log);
        Optional<PidFile> pidFile = Optional.empty();
        try {
            if (pidPath.isPresent()) {
                pidFile = Optional.of(PidFile.create(pidPath.get(), log));
            }
        } catch (PidFileException e) {
            return cannotStart(e.getMessage(), log);
        }
        Optional<PidFile> ours = pidFile;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(listener, ours, log), "stop"));
        for (Address bound : listener.addresses()) {
            log.info("listening on " + bound + ", relaying to " + settings.relay());
        }
        metrics.start(listener::isAccepting, log);
        listener.serve();
        listener.awaitEndOfSessions(TIME_TO_DRAIN);
        return DONE;
    }

    private int cannotStart(@Nullable String reason, ProgramLog log) {
        log.flush();
        err.println("Error: " + reason);
        return CANNOT_START;
    }

    /** Before the address is bound, since "already running" says more than "address in use". */
    private static void checkPidFile(Optional<Path> path) throws PidFileException {
        if (path.isPresent()) {
            PidFile.check(path.get());
        }
    }

    /** The log file first: it was perhaps rotated, and the reload is told in it. */
    private static void readAgain(Reloader reloader, ProgramLog log) {
        log.reopen();
        reloader.request();
    }

    private static void drain(Listener listener, DkimproxyLog log) {
        log.info("no more clients are accepted; the program ends with the last session");
        listener.drain();
    }

    /**
     * Runs when a signal ends the program, and at the end of a drain; the exit code would be the signal's if the program
     * were not halted.
     */
    private static void stop(Listener listener, Optional<PidFile> pidFile, ProgramLog log) {
        if (listener.stop(TIME_TO_STOP)) {
            pidFile.ifPresent(file -> file.remove(log));
            log.info("stopped");
            log.flush();
            Runtime.getRuntime().halt(DONE);
        }
    }
}
