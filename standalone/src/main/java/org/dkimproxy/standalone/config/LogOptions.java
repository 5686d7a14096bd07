package org.dkimproxy.standalone.config;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dkimproxy.sendermap.text.NearestName;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.LogSettings;
import org.dkimproxy.standalone.log.SyslogFacility;
import org.dkimproxy.standalone.log.SyslogOption;
import org.dkimproxy.standalone.log.SyslogSettings;

/** The options that say what is logged, and where. */
final class LogOptions {
    private static final String SYSTEM_LOG = "Sys::Syslog";
    private static final Pattern PRINTABLE = Pattern.compile("[!-~]([ -~]{0,62}[!-~])?");

    /** Ways to the system log that are the one which is taken. */
    private static final Set<String> BY_LIBRARY = Set.of("native", "unix");

    private static final Pattern WORD = Pattern.compile("[^,|\\s]+");

    private LogOptions() {}

    /** Reads them; problems are left in {@code values}. */
    static LogSettings read(OptionValues values) {
        LogLevel threshold = values.read("log_level", "0 to 4, error, warning, notice, info or debug", LogLevel::ofText)
                .orElse(LogLevel.DEBUG);
        LogSettings.Destination destination = values.read(
                        "log_file", SYSTEM_LOG + ", or the path of a file", LogOptions::destination)
                .orElseGet(LogSettings.Destination.None::new);
        boolean tracesConversations = values.flag("debugtrace");
        if (tracesConversations && threshold != LogLevel.DEBUG) {
            values.text("debugtrace")
                    .ifPresent(flag -> values.add(flag.warning(
                            "debugtrace with log_level " + threshold.word() + ", so that its lines are not logged",
                            "log_level debug")));
        }
        boolean namesSessions = values.text("compat").isEmpty();
        return new LogSettings(threshold, destination, syslog(values), tracesConversations, namesSessions);
    }

    private static SyslogSettings syslog(OptionValues values) {
        SyslogSettings standard = SyslogSettings.STANDARD;
        values.text("syslog_logsock")
                .filter(ways -> !WORD.matcher(ways.text())
                        .results()
                        .map(MatchResult::group)
                        .allMatch(BY_LIBRARY::contains))
                .ifPresent(ways -> values.add(ways.warning(
                        Problem.quoted(ways.text()) + ", which has no effect",
                        "native, since the system log is always reached by syslog(3) of the C library")));
        return new SyslogSettings(
                values.read(
                                "syslog_ident",
                                "a name of up to 64 printable characters",
                                text -> Optional.of(text)
                                        .filter(name -> PRINTABLE.matcher(name).matches()))
                        .orElse(standard.ident()),
                values.read("syslog_facility", "one of " + SyslogFacility.words(), SyslogFacility::ofWord)
                        .orElse(standard.facility()),
                values.text("syslog_logopt")
                        .map(text -> syslogOptions(text, values))
                        .orElse(standard.options()));
    }

    private static Set<SyslogOption> syslogOptions(SourceText text, OptionValues values) {
        Set<SyslogOption> options = EnumSet.noneOf(SyslogOption.class);
        Matcher words = WORD.matcher(text.text());
        while (words.find()) {
            Optional<SyslogOption> option = SyslogOption.ofWord(words.group());
            option.ifPresent(options::add);
            if (option.isEmpty()) {
                String expected = NearestName.of(words.group(), SyslogOption.words())
                        .map(Problem::quoted)
                        .orElseGet(() -> String.join(", ", SyslogOption.words()));
                values.add(text.part(words.start(), words.end()).warning(Problem.quoted(words.group()), expected));
            }
        }
        return options;
    }

    private static Optional<LogSettings.Destination> destination(String text) {
        return text.equalsIgnoreCase(SYSTEM_LOG)
                ? Optional.of(new LogSettings.Destination.SystemLog())
                : OptionValues.pathOf(text).map(Path::toAbsolutePath).map(LogSettings.Destination.File::new);
    }
}
