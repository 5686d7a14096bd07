package org.dkimproxy.standalone.options;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.dkimproxy.sendermap.Checked;
import org.dkimproxy.sendermap.Problem;
import org.dkimproxy.sendermap.Severity;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.LogBridge;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.StderrLog;
import org.slf4j.LoggerFactory;

/**
 * A configuration that was read and checked in whole, ready to run with.
 *
 * @param settings the settings of the program
 * @param log where its log lines go; libraries' lines go there too
 */
public record Startup<S>(S settings, DkimSigner signer, DkimproxyLog log) {
    private static final Comparator<Problem> BY_PLACE = Comparator.<Problem, String>comparing(
                    problem -> problem.place().file())
            .thenComparingInt(problem -> problem.place().line())
            .thenComparingInt(problem -> problem.place().column());

    /** Reads a program's own settings; problems are left in the values. */
    @FunctionalInterface
    public interface SettingsReader<S> {
        /** Empty if there is a problem without which there can be no settings. */
        Optional<S> read(OptionValues values) throws UsageException;
    }

    /**
     * Reads and checks everything that a command line asks for, and prints every problem found.
     *
     * @param message the part of the settings that all programs have
     * @return empty if a problem is an error
     */
    public static <S> Optional<Startup<S>> read(
            CommandLine commandLine,
            KnownOptions known,
            SettingsReader<S> reader,
            Function<S, MessageSettings> message,
            PrintStream err)
            throws UsageException {
        return read(commandLine, known, reader, message, err, err::println);
    }

    /**
     * The same, for those who do something else with a problem than to print it.
     *
     * @param teller takes each problem, in the order of their places
     * @param err where log lines go
     */
    public static <S> Optional<Startup<S>> read(
            CommandLine commandLine,
            KnownOptions known,
            SettingsReader<S> reader,
            Function<S, MessageSettings> message,
            PrintStream err,
            Consumer<Problem> teller)
            throws UsageException {
        Checked<Configuration> configuration = Configuration.read(commandLine, known);
        if (configuration.value().isIncomplete()) {
            configuration.problems().forEach(teller);
            return Optional.empty();
        }
        OptionValues values = new OptionValues(configuration.value().options());
        Optional<S> settings = reader.read(values);
        Optional<MessageSettings> common = settings.map(message);
        LogLevel level = common.map(MessageSettings::logLevel).orElse(LogLevel.WARNING);
        DkimproxyLog log = new StderrLog(err, level);
        if (LoggerFactory.getILoggerFactory() instanceof LogBridge bridge) {
            bridge.sendTo(log);
        }
        Checked<Optional<DkimSigner>> signer = configuration.value().signer();
        List<Problem> problems = new ArrayList<>(configuration.problems());
        problems.addAll(values.problems());
        problems.addAll(signer.problems());
        problems.sort(BY_PLACE);
        problems.forEach(teller);
        boolean failed = problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
        if (failed || settings.isEmpty() || signer.value().isEmpty()) {
            return Optional.empty();
        }
        configuration.value().notes().forEach(log::info);
        if (common.map(MessageSettings::rejectErrors).orElse(false)) {
            log.notice("reject_error is on: a message that cannot be signed is refused");
        }
        return Optional.of(new Startup<>(settings.get(), signer.value().get(), log));
    }
}
