package org.dkimproxy.standalone.config;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.reload.EntryCounts;
import org.dkimproxy.signing.reload.FileStamps;
import org.dkimproxy.standalone.log.AdjustableLog;
import org.dkimproxy.standalone.log.LogBridge;
import org.slf4j.LoggerFactory;

/**
 * A configuration that was read and checked in whole, ready to run with.
 *
 * @param settings the settings of the program
 * @param notices what is right and yet worth knowing, one line each
 * @param files the files that it was read from, keys apart, as they were just before
 * @param entries how many the conf file and the maps have
 */
public record Startup<S>(S settings, DkimSigner signer, List<String> notices, FileStamps files, EntryCounts entries) {
    /** Takes a copy. */
    public Startup {
        notices = List.copyOf(notices);
    }

    /** Reads a program's own settings; problems are left in the values. */
    @FunctionalInterface
    public interface SettingsReader<S> {
        /** Empty if there is a problem without which there can be no settings. */
        Optional<S> read(OptionValues values) throws UsageException;
    }

    /**
     * Checks the options, reads and checks everything that they name, and prints every problem found.
     *
     * @param message the part of the settings that all programs have
     * @param log follows the settings as soon as they are known; libraries' lines go there too
     * @return empty if a problem is an error
     */
    public static <S> Optional<Startup<S>> read(
            GivenOptions given,
            SettingsReader<S> reader,
            Function<S, MessageSettings> message,
            AdjustableLog log,
            PrintStream err)
            throws UsageException {
        return read(given, reader, message, log, err, err::println);
    }

    /**
     * The same, for those who do something else with a problem than to print it.
     *
     * @param err where it is said that there can be no log
     * @param teller takes each problem, in the order of their places
     */
    public static <S> Optional<Startup<S>> read(
            GivenOptions given,
            SettingsReader<S> reader,
            Function<S, MessageSettings> message,
            AdjustableLog log,
            PrintStream err,
            Consumer<Problem> teller)
            throws UsageException {
        if (LoggerFactory.getILoggerFactory() instanceof LogBridge bridge) {
            bridge.sendTo(log);
        }
        Reading<S> reading = Reading.ofOptions(given, reader);
        Optional<String> noLog = reading.settings().map(message).flatMap(settings -> adjust(log, settings));
        Reading.Result<S> result = reading.finish();
        log.flush();
        result.problems().forEach(teller);
        noLog.ifPresent(reason -> err.println("Error: " + reason));
        if (noLog.isPresent() || result.settings().isEmpty() || result.signer().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Startup<>(
                result.settings().get(), result.signer().get(), result.notices(), result.files(), result.entries()));
    }

    /** Why the log cannot be as it should; empty if it is. */
    private static Optional<String> adjust(AdjustableLog log, MessageSettings settings) {
        try {
            log.adjust(settings.log());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
