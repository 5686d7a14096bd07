package org.dkimproxy.standalone;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.dkimproxy.signing.config.ActiveConfiguration;
import org.dkimproxy.signing.config.LoadedConfiguration;
import org.dkimproxy.signing.reload.ReloadReview;
import org.dkimproxy.signing.reload.Reloadable;
import org.dkimproxy.signing.reload.Reloader;
import org.dkimproxy.standalone.cli.CommandLine;
import org.dkimproxy.standalone.config.ProgramSettings;
import org.dkimproxy.standalone.config.ProxyConfiguration;
import org.dkimproxy.standalone.config.ProxyOptions;
import org.dkimproxy.standalone.config.ProxySettings;
import org.dkimproxy.standalone.daemon.PidFile;
import org.dkimproxy.standalone.daemon.PrivilegeDrop;
import org.dkimproxy.standalone.daemon.Privileges;
import org.dkimproxy.standalone.daemon.RunAs;
import org.dkimproxy.standalone.daemon.ServiceManager;
import org.dkimproxy.standalone.daemon.Signal;
import org.dkimproxy.standalone.daemon.Signals;
import org.dkimproxy.standalone.daemon.StartException;
import org.dkimproxy.standalone.daemon.SystemFiles;
import org.dkimproxy.standalone.log.Faults;
import org.dkimproxy.standalone.log.ProgramLog;
import org.dkimproxy.standalone.metrics.MetricsService;
import org.dkimproxy.standalone.net.HostPort;
import org.dkimproxy.standalone.server.Listener;
import org.dkimproxy.standalone.session.Timeouts;

/** The process from the moment it listens to its end. */
final class ProxyProcess {
    /** For messages to come to their end; and then for the relay to answer those that have. */
    private static final Duration TIME_TO_STOP = Duration.ofSeconds(10);

    private static final Duration TIME_TO_ANSWER = Duration.ofSeconds(20);
    private static final Duration TIME_TO_DRAIN = Duration.ofMinutes(5);
    private static final int DONE = 0;
    private static final int FAULT = 1;

    private final LoadedConfiguration.Valid<ProgramSettings> loaded;
    private final ActiveConfiguration<ProgramSettings> configuration;
    private final MetricsService metrics;
    private final Listener listener;
    private final Optional<PidFile> pidFile;
    private final ServiceManager manager;
    private final ProgramLog log;
    private final AtomicBoolean ending = new AtomicBoolean();
    private volatile int exitCode = DONE;

    /**
     * Binds the addresses and writes the PID file, both of which may need the privileges that are dropped later.
     *
     * @param commandLine is read again by a reload
     * @throws StartException if the PID file cannot be had
     * @throws IOException if an address cannot be had
     */
    ProxyProcess(CommandLine commandLine, LoadedConfiguration.Valid<ProgramSettings> loaded, ProgramLog log)
            throws StartException, IOException {
        this.loaded = loaded;
        this.log = log;
        Optional<Path> pidPath = loaded.settings().daemon().pidFile();
        if (pidPath.isPresent()) {
            // before the address is bound, since "already running" says more than "address in use"
            PidFile.check(pidPath.get());
        }
        metrics = MetricsService.open(loaded.settings().metrics());
        configuration = new ActiveConfiguration<>(
                loaded, new ReloadingConfiguration(commandLine, loaded, metrics.metrics(), log));
        listener = Listener.open(this::forSessions, Timeouts.STANDARD, metrics.metrics(), log);
        pidFile = pidPath.isPresent() ? Optional.of(PidFile.create(pidPath.get(), log)) : Optional.empty();
        manager = ServiceManager.ofThisProcess(log);
    }

    /**
     * From now on TERM and INT end the process in good order, and so does a thread that a fault of this program ends: a
     * process that can do half of its work only would be worse than one that is started again.
     *
     * @throws StartException if such a signal has just come
     */
    void stopOnSignals() throws StartException {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        } catch (IllegalStateException stopping) {
            throw StartException.temporary("a signal came before the start was over");
        }
        Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> {
            log.error("thread " + thread.getName() + " ended by a fault of this program: " + Faults.describe(fault));
            exitCode = FAULT;
            System.exit(FAULT);
        });
    }

    /**
     * Drops privileges if the configuration asks for it, and watches signals and files from then on.
     *
     * @throws StartException if the program could not do its work without its privileges
     */
    void settle(RunAs target, Signals signals) throws StartException {
        // an upgrade takes the files of a running program away
        SystemFiles.open();
        if (target.user().isEmpty() && Privileges.isRoot()) {
            log.notice("running as root; set user to drop privileges after the sockets are bound");
        }
        ProxySettings proxy = loaded.settings().proxy();
        PrivilegeDrop drop = new PrivilegeDrop(
                target, proxy.message().spoolDirectory(), proxy.relay().host(), log);
        LoadedConfiguration.Valid<ProgramSettings> unprivileged = drop.run(loaded, ProxyOptions.FILES);
        configuration.replace(unprivileged);
        Reloader reloader = Reloader.start(unprivileged.files(), unprivileged.entries(), this::reload);
        signals.answer(Map.of(Signal.HUP, () -> readAgain(reloader), Signal.QUIT, this::drain), log);
        for (HostPort bound : listener.addresses()) {
            log.info("listening on " + bound + ", relaying to "
                    + loaded.settings().proxy().relay());
        }
        metrics.start(listener::isAccepting, log);
        manager.ready("Listening on "
                + listener.addresses().stream().map(HostPort::toString).collect(Collectors.joining(", "))
                + ", relaying to " + loaded.settings().proxy().relay());
    }

    /** Serves clients until a signal ends it. */
    void serve() {
        listener.serve();
        listener.awaitEndOfSessions(TIME_TO_DRAIN);
    }

    /** Takes back what was done, for a start that failed; the exit code is the caller's. */
    void abandon() {
        if (ending.compareAndSet(false, true)) {
            listener.stop(Duration.ZERO, Duration.ZERO);
            pidFile.ifPresent(file -> file.remove(log));
        }
    }

    private ProxyConfiguration forSessions() {
        LoadedConfiguration.Valid<ProgramSettings> current = configuration.current();
        return new ProxyConfiguration(current.settings().proxy(), current.signer()::begin);
    }

    /** Reopens the log file first: it may have been rotated, and the reload is logged in it. */
    private void readAgain(Reloader reloader) {
        log.reopen();
        reloader.request();
    }

    private Reloadable.Outcome reload(ReloadReview review) {
        manager.reloading();
        try {
            return configuration.reload(review);
        } finally {
            manager.ready(configuration.lastReload().toString());
        }
    }

    private void drain() {
        log.info("no more clients are accepted; the program ends with the last session");
        manager.stopping();
        listener.drain();
    }

    /**
     * Runs when a signal ends the program, and at the end of a drain; the exit code would be the signal's if the program
     * were not halted.
     */
    private void stop() {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        manager.stopping();
        listener.drain();
        // nothing that the next start needs is held any longer, so it need not wait for the last session
        pidFile.ifPresent(file -> file.remove(log));
        listener.stop(TIME_TO_STOP, TIME_TO_ANSWER);
        log.info("stopped");
        log.flush();
        Runtime.getRuntime().halt(exitCode);
    }
}
