package org.dkimproxy.standalone.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One command line of a client, as it came. Its text is never shown: it may hold a password. */
public final class Command {
    private final byte[] line;
    private final String verb;
    private final CommandKind kind;

    /** A command of these octets, the last two of which are its CRLF. */
    public Command(byte[] line) {
        this.line = line.clone();
        int end = 0;
        while (end < line.length - 2 && line[end] != ' ') {
            end++;
        }
        this.verb = new String(line, 0, end, StandardCharsets.ISO_8859_1).toUpperCase(Locale.ROOT);
        this.kind = CommandKind.ofVerb(verb);
    }

    /** What stands before the first blank, in upper case; empty for an empty line and for one that begins with a blank. */
    public String verb() {
        return verb;
    }

    /** What the command means to a proxy. */
    public CommandKind kind() {
        return kind;
    }

    /** The line with its CRLF. */
    public byte[] line() {
        return line.clone();
    }

    /** The length of the verb and of the line, nothing of what they say. */
    @Override
    public String toString() {
        return "command of " + line.length + " octets";
    }
}
