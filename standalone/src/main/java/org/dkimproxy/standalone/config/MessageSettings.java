package org.dkimproxy.standalone.config;

import java.nio.file.Files;
import java.nio.file.Path;
import org.dkimproxy.standalone.log.LogSettings;

/**
 * What the proxy and the command-line signer have in common beside the signer.
 *
 * @param rejectErrors whether a message that cannot be signed is refused rather than passed unsigned
 * @param spoolDirectory where large messages wait
 * @param log what is logged, and where
 */
public record MessageSettings(boolean rejectErrors, Path spoolDirectory, LogSettings log) {

    /** Reads them; problems are left in {@code values}. */
    public static MessageSettings read(OptionValues values) {
        Path directory = values.read(
                        "spool_dir",
                        "a directory that can be written to",
                        text -> OptionValues.pathOf(text).filter(path -> isWritableDirectory(values.asSeenNow(path))))
                .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
        return new MessageSettings(values.flag("reject_error"), directory, LogOptions.read(values));
    }

    /**
     * The same for a tool, which stays outside of the root directory of the proxy: the directory of the proxy lies below that,
     * and where none is named, the system's will do.
     */
    public static MessageSettings readForTool(OptionValues values) {
        MessageSettings settings = read(values);
        return values.text("spool_dir").isPresent()
                ? new MessageSettings(settings.rejectErrors, values.asSeenNow(settings.spoolDirectory), settings.log)
                : settings;
    }

    private static boolean isWritableDirectory(Path path) {
        return Files.isDirectory(path) && Files.isWritable(path);
    }
}
