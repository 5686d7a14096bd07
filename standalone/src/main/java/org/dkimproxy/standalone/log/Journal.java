package org.dkimproxy.standalone.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The journal of systemd behind standard error: a line may begin with its priority there, as {@code <3>} (sd-daemon(3)).
 */
public final class Journal {
    private static final String VARIABLE = "JOURNAL_STREAM";
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private Journal() {}

    /** Whether the journal reads the standard error of this process. */
    public static boolean readsStandardError() {
        return reads(Optional.ofNullable(System.getenv(VARIABLE)), STANDARD_ERROR);
    }

    /**
     * Whether the variable names the stream: its value is the device and the inode of the stream to the journal, which a
     * child inherits although its own standard error may be another (systemd.exec(5)).
     */
    static boolean reads(Optional<String> variable, Path stream) {
        if (variable.isEmpty()) {
            return false;
        }
        try {
            Map<String, Object> attributes = Files.readAttributes(stream, "unix:dev,ino");
            return variable.get().equals(attributes.get("dev") + ":" + attributes.get("ino"));
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    /** The text with the priority of the level before each of its lines. */
    public static String prefixed(LogLevel level, String text) {
        String prefix = "<" + level.priority() + ">";
        return prefix + text.replace("\n", "\n" + prefix);
    }

    /** A stream whose lines reach {@code target} with the priority of errors. */
    public static PrintStream ofErrors(PrintStream target) {
        return new PrintStream(new Errors(target), true, StandardCharsets.UTF_8);
    }

    /** Keeps an unfinished line until it is flushed, so that a line is one write. */
    private static final class Errors extends OutputStream {
        private static final byte[] PREFIX = prefixed(LogLevel.ERROR, "").getBytes(StandardCharsets.US_ASCII);

        private final PrintStream target;
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
        private boolean atStart = true;

        Errors(PrintStream target) {
            this.target = target;
        }

        @Override
        public void write(int octet) {
            if (atStart) {
                pending.writeBytes(PREFIX);
            }
            pending.write(octet);
            atStart = octet == '\n';
        }

        @Override
        public void flush() {
            byte[] octets = pending.toByteArray();
            pending.reset();
            target.write(octets, 0, octets.length);
            target.flush();
        }
    }
}
