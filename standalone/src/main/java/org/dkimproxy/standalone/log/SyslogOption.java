package org.dkimproxy.standalone.log;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code syslog_logopt} may ask for: the options of openlog(3), and those that Perl's Sys::Syslog adds. */
public enum SyslogOption {
    /** The number of the process is written after the name. */
    PID(0x01),
    /** What the system log does not take is written on the console. */
    CONS(0x02),
    /** Not to wait for processes; without effect in today's C libraries. */
    NOWAIT(0x10),
    /** To connect at once, which is always done. */
    NDELAY(0),
    /** To connect with the first line; it is done at once nevertheless, so that it comes before a chroot. */
    ODELAY(0),
    /** A copy on standard error, which there always is. */
    PERROR(0),
    /** Not to die of a system log that is not there, which this program never does. */
    NOFATAL(0),
    /** About the end of a line, which is the C library's affair. */
    NOEOL(0),
    /** A synonym, as in syslog(3). */
    NONUL(0);

    private final int flag;

    SyslogOption(int flag) {
        this.flag = flag;
    }

    /** The option of a word. */
    public static Optional<SyslogOption> ofWord(String word) {
        return Arrays.stream(values())
                .filter(option -> option.word().equalsIgnoreCase(word))
                .findFirst();
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(SyslogOption::word).toList();
    }

    /** The bit that openlog(3) takes; none for what needs none. */
    int flag() {
        return flag;
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
