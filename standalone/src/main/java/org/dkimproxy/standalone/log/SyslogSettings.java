package org.dkimproxy.standalone.log;

import java.util.Set;

/**
 * How the system log is opened.
 *
 * @param ident the name in front of each line
 */
public record SyslogSettings(String ident, SyslogFacility facility, Set<SyslogOption> options) {
    /** What holds without any option, as in dkimproxy 1.4. */
    public static final SyslogSettings STANDARD =
            new SyslogSettings("dkimproxy.out", SyslogFacility.MAIL, Set.of(SyslogOption.PID));

    /** Takes a copy of the options. */
    public SyslogSettings {
        options = Set.copyOf(options);
    }
}
