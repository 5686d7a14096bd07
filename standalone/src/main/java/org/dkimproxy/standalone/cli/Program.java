package org.dkimproxy.standalone.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.standalone.config.UsageException;
import org.dkimproxy.standalone.daemon.ExitCodes;

/**
 * What all programs have in common: they parse their command line, print their usage or version, and report
 * a wrong command line with exit code 2.
 *
 * @param synopsis how the program is called
 * @param purpose what it does, one line
 * @param options its options
 * @param hyphensOptional whether the two hyphens before a name may be left out, as dkimproxy 1.4 allowed
 * @param helpExitCode the exit code after {@code --help}
 */
public record Program(String synopsis, String purpose, OptionTable options, boolean hyphensOptional, int helpExitCode) {
    private static final int DONE = 0;

    /** What a program does with a command line that was taken apart. */
    @FunctionalInterface
    public interface Body {
        /** Returns the exit code. */
        int run(CommandLine commandLine) throws UsageException;
    }

    /** Runs a program to its end and returns its exit code. */
    public int run(List<String> args, PrintStream out, PrintStream err, Body body) {
        try {
            CommandLine commandLine = CommandLine.parse(args, options, hyphensOptional);
            return switch (commandLine.request()) {
                case RUN -> body.run(commandLine);
                case HELP -> print(out, usage(), helpExitCode);
                case VERSION -> print(out, name() + " " + version() + "\n", DONE);
            };
        } catch (UsageException e) {
            printError(e, err);
            return ExitCodes.WRONG_USAGE;
        }
    }

    /** Prints the error of a command line, and a hint to the options. */
    public static void printError(UsageException error, PrintStream err) {
        err.println("Error: " + error.getMessage() + "\nFor the options, see --help.");
        err.flush();
    }

    /** The name by which the program is called. */
    public String name() {
        return synopsis.substring(0, synopsis.indexOf(' '));
    }

    /** The version that the jar of the programs was built as. */
    private static String version() {
        return Optional.ofNullable(Program.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }

    private static int print(PrintStream out, String text, int exitCode) {
        out.print(text);
        out.flush();
        return exitCode;
    }

    private String usage() {
        return Usage.of(synopsis, purpose, options);
    }
}
