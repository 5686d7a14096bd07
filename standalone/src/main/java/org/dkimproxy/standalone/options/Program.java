package org.dkimproxy.standalone.options;

import java.io.PrintStream;
import java.util.List;

/**
 * What all programs have in common: they take their command line apart, print their usage when asked, and tell a wrong
 * command line with exit code 2.
 *
 * @param synopsis how the program is called
 * @param purpose what it does, one line
 * @param known its options
 * @param helpExitCode the exit code after {@code --help}
 */
public record Program(String synopsis, String purpose, KnownOptions known, int helpExitCode) {
    private static final int WRONG_USAGE = 2;

    /** What a program does with a command line that was taken apart. */
    @FunctionalInterface
    public interface Body {
        /** Returns the exit code. */
        int run(CommandLine commandLine) throws UsageException;
    }

    /** Runs a program to its end and returns its exit code. */
    public int run(List<String> args, PrintStream out, PrintStream err, Body body) {
        try {
            CommandLine commandLine = CommandLine.parse(args, known);
            if (!commandLine.wantsHelp()) {
                return body.run(commandLine);
            }
            out.print(usage());
            out.flush();
            return helpExitCode;
        } catch (UsageException e) {
            err.print("Error: " + e.getMessage() + "\n\n" + usage());
            err.flush();
            return WRONG_USAGE;
        }
    }

    private String usage() {
        return Usage.of(synopsis, purpose, known);
    }
}
