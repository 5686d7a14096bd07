package org.dkimproxy.standalone.tool;

import java.io.PrintStream;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.LogLine;

/** The lines that dkimproxy-check prints, and its exit code. */
final class CheckReport {
    private final PrintStream out;
    private boolean strict;
    private int errors;
    private int warnings;

    CheckReport(PrintStream out) {
        this.out = out;
    }

    /** Counts every warning as an error from now on; problems with a place are judged where they are found. */
    void beStrict() {
        strict = true;
    }

    /** A problem of the configuration, with its line. */
    void problem(Problem problem) {
        count(problem.severity());
        out.println(problem);
    }

    /** A problem that has no place in a file. */
    void problem(Severity found, String text) {
        Severity severity = strict ? Severity.ERROR : found;
        count(severity);
        out.println(LogLine.of(severity.word() + ": " + text));
    }

    /** What is no problem. */
    void note(String text) {
        out.println(LogLine.of(text));
    }

    /** A log whose warnings and errors are problems without a place. */
    DkimproxyLog asLog() {
        return new DkimproxyLog() {
            @Override
            public void log(LogLevel level, String message) {
                switch (level) {
                    case ERROR -> problem(Severity.ERROR, message);
                    case WARNING -> problem(Severity.WARNING, message);
                    case NOTICE -> note("notice: " + message);
                    case INFO, DEBUG -> {}
                }
            }

            @Override
            public boolean isWanted(LogLevel level) {
                return true;
            }
        };
    }

    /** Says how many problems there were. */
    void finish() {
        out.println(
                errors + warnings == 0
                        ? "no problems"
                        : counted(errors, "error") + ", " + counted(warnings, "warning"));
        out.flush();
    }

    /** 0 without problems, 1 with warnings, 2 with errors. */
    int exitCode() {
        return errors > 0 ? 2 : warnings > 0 ? 1 : 0;
    }

    private void count(Severity severity) {
        switch (severity) {
            case ERROR -> errors++;
            case WARNING -> warnings++;
        }
    }

    private static String counted(int count, String word) {
        return count + " " + word + (count == 1 ? "" : "s");
    }
}
