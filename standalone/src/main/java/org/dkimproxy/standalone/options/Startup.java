package org.dkimproxy.standalone.options;

import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.dkimproxy.sendermap.Problem;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.reload.FileStamps;
import org.dkimproxy.standalone.log.LogBridge;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.StderrLog;
import org.dkimproxy.standalone.log.SwitchableLog;
import org.slf4j.LoggerFactory;

/**
 * A configuration that was read and checked in whole, ready to run with.
 *
 * @param settings the settings of the program
 * @param log where its log lines go; libraries' lines go there too
 * @param files the files that it was read from, keys apart, as they were just before
 */
public record Startup<S>(S settings, DkimSigner signer, SwitchableLog log, FileStamps files) {
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
        Reading<S> reading = Reading.ofOptions(commandLine, known, reader);
        Optional<MessageSettings> common = reading.settings().map(message);
        LogLevel level = common.map(MessageSettings::logLevel).orElse(LogLevel.WARNING);
        SwitchableLog log = new SwitchableLog(new StderrLog(err, level));
        if (LoggerFactory.getILoggerFactory() instanceof LogBridge bridge) {
            bridge.sendTo(log);
        }
        Reading.Result<S> result = reading.finish();
        result.problems().forEach(teller);
        if (result.settings().isEmpty() || result.signer().isEmpty()) {
            return Optional.empty();
        }
        reading.configuration().notes().forEach(log::info);
        if (common.map(MessageSettings::rejectErrors).orElse(false)) {
            log.notice("reject_error is on: a message that cannot be signed is refused");
        }
        return Optional.of(
                new Startup<>(result.settings().get(), result.signer().get(), log, result.files()));
    }
}
