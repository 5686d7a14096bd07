package org.dkimproxy.standalone.tool;

import java.nio.file.Files;
import java.nio.file.Path;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.standalone.daemon.PidFile;
import org.dkimproxy.standalone.daemon.StartException;

/** Checks what a start needs of the machine beside its configuration. */
final class StartCheck {
    private final CheckReport report;

    StartCheck(CheckReport report) {
        this.report = report;
    }

    /** Checks that a start could write its PID file; a process that runs may be the one that is to read the configuration. */
    void checkPidFile(Path pidFile) {
        try {
            PidFile.check(pidFile);
        } catch (StartException e) {
            report.problem(e.isTemporary() ? Severity.WARNING : Severity.ERROR, String.valueOf(e.getMessage()));
            return;
        }
        Path directory = pidFile.toAbsolutePath().getParent();
        if (directory == null || Files.isDirectory(pidFile)) {
            report.problem(Severity.ERROR, "pidfile " + pidFile + ": is a directory; name a file");
        } else if (!Files.isDirectory(directory)) {
            report.problem(
                    Severity.ERROR, "pidfile " + pidFile + ": there is no directory " + directory + "; make it first");
        } else if (!Files.isWritable(directory)) {
            // the start may be by another user, often by root
            report.note(
                    "not checked whether pidfile " + pidFile + " can be written: this user cannot write to directory "
                            + directory + "; run the check as the user who starts the program");
        }
    }
}
