package org.dkimproxy.standalone.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.daemon.RunAs;
import org.dkimproxy.standalone.log.AdjustableLog;
import org.dkimproxy.standalone.log.LogBridge;
import org.dkimproxy.standalone.log.LogSettings;

/**
 * What the proxy and the command-line signer have in common beside the signer.
 *
 * @param rejectErrors whether a message that cannot be signed is refused rather than passed unsigned
 * @param spoolDirectory where large messages wait
 * @param log what is logged, and where
 */
public record MessageSettings(boolean rejectErrors, Path spoolDirectory, LogSettings log) {
    static final Option<Boolean> REJECT_ERROR =
            Option.flag("reject_error", "reject a message that cannot be signed; otherwise it passes unsigned");
    static final Option<Optional<Path>> SPOOL_DIR = Option.path(
                    "spool_dir", "DIR", "directory for large messages until they are signed")
            .defaultText("the system's");

    /**
     * Reads them; problems are left in {@code values}.
     *
     * @param root the root directory that the process will have, below which the spool directory lies now
     */
    public static MessageSettings read(OptionValues values, Optional<Path> root) {
        Path directory = values.get(SPOOL_DIR).orElseGet(MessageSettings::systemDirectory);
        Optional<SourceText> given = values.text(SPOOL_DIR);
        if (given.isPresent() && !isWritableDirectory(RunAs.outside(root, directory))) {
            values.add(given.get().error(Problem.quoted(given.get().text()), "a directory that can be written to"));
        }
        return new MessageSettings(values.get(REJECT_ERROR), directory, LogOptions.read(values));
    }

    /**
     * Reads them for a tool, which stays outside of the root directory of the proxy: the directory of the proxy lies below that,
     * and where none is named, the system's will do.
     */
    public static MessageSettings readForTool(OptionValues values, Optional<Path> root) {
        MessageSettings settings = read(values, root);
        return values.has(SPOOL_DIR)
                ? new MessageSettings(settings.rejectErrors, RunAs.outside(root, settings.spoolDirectory), settings.log)
                : settings;
    }

    /** Makes a log follow the settings, and libraries write to it; what prevents it is a problem, which is left in {@code values}. */
    public void setUp(AdjustableLog target, OptionValues values) {
        LogBridge.sendLibrariesTo(target);
        try {
            target.adjust(log);
        } catch (IOException e) {
            values.add(Problem.message(Severity.ERROR, String.valueOf(e.getMessage())));
        }
    }

    /** What works otherwise than in dkimproxy 1.4, one line each. */
    public List<String> notices() {
        return rejectErrors
                ? List.of("reject_error is on: a message that cannot be signed is refused"
                        + " (dkimproxy 1.4 heeded it on the command line alone)")
                : List.of();
    }

    private static Path systemDirectory() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static boolean isWritableDirectory(Path path) {
        return Files.isDirectory(path) && Files.isWritable(path);
    }
}
