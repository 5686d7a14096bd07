package org.dkimproxy.standalone;

import java.io.PrintStream;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.standalone.log.Journal;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.ProgramLog;
import org.dkimproxy.standalone.log.ProgramLog.Surroundings;

/**
 * Standard error as the program writes to it: the reasons why it cannot start, the problems of its configuration, and its
 * log. Where the journal of systemd reads it, every line begins with its priority.
 */
record ErrorOutput(PrintStream target, boolean isJournal) {
    /** The one of this process. */
    static ErrorOutput ofThisProcess(PrintStream target) {
        return new ErrorOutput(target, Journal.readsStandardError());
    }

    /** For errors, each a line or more. */
    PrintStream stream() {
        return isJournal ? Journal.ofErrors(target) : target;
    }

    /** Prints a problem, with an excerpt of its file where a person reads it. */
    void print(Problem problem) {
        if (isJournal) {
            LogLevel level = problem.severity() == Severity.ERROR ? LogLevel.ERROR : LogLevel.WARNING;
            target.println(Journal.prefixed(level, problem.summary()));
        } else {
            target.println(problem);
        }
    }

    /** The log of the program, on the same standard error. */
    ProgramLog log(boolean inBackground) {
        return new ProgramLog(
                target,
                inBackground ? Surroundings.BACKGROUND : isJournal ? Surroundings.JOURNAL : Surroundings.FOREGROUND);
    }
}
