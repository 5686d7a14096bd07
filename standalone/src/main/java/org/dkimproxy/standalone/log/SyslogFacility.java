package org.dkimproxy.standalone.log;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The facilities of the system log (RFC 5424 section 6.2.1); the kernel's own is left out. */
public enum SyslogFacility {
    USER(1),
    MAIL(2),
    DAEMON(3),
    AUTH(4),
    SYSLOG(5),
    LPR(6),
    NEWS(7),
    UUCP(8),
    CRON(9),
    AUTHPRIV(10),
    FTP(11),
    LOCAL0(16),
    LOCAL1(17),
    LOCAL2(18),
    LOCAL3(19),
    LOCAL4(20),
    LOCAL5(21),
    LOCAL6(22),
    LOCAL7(23);

    private static final String PREFIX = "log_";

    private final int number;

    SyslogFacility(int number) {
        this.number = number;
    }

    /** The facility of a word, such as {@code mail} or {@code LOG_MAIL}. */
    public static Optional<SyslogFacility> ofWord(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        String name = lower.startsWith(PREFIX) ? lower.substring(PREFIX.length()) : lower;
        return Arrays.stream(values())
                .filter(facility -> facility.word().equals(name))
                .findFirst();
    }

    /** All words, with commas between. */
    public static String words() {
        return Arrays.stream(values()).map(SyslogFacility::word).collect(Collectors.joining(", "));
    }

    /** The facility as openlog(3) takes it. */
    int code() {
        return number << 3;
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
