package org.dkimproxy.standalone.config;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dkimproxy.sendermap.text.NearestName;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.signing.config.SigningOptions;
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

    static final Option<LogLevel> LOG_LEVEL = Option.value(
            "log_level",
            "LEVEL",
            "0 to 4, error, warning, notice, info or debug",
            LogLevel::ofText,
            LogLevel.DEBUG,
            LogLevel.DEBUG.word(),
            "0 to 4: error, warning, notice, info or debug");
    static final Option<LogSettings.Destination> LOG_FILE = Option.value(
                    "log_file",
                    "FILE",
                    SYSTEM_LOG + ", or the path of a file",
                    LogOptions::destination,
                    new LogSettings.Destination.None(),
                    "",
                    "write the log to FILE too, or to the system log: Sys::Syslog")
            .onRestart();
    static final Option<String> SYSLOG_IDENT = Option.value(
                    "syslog_ident",
                    "NAME",
                    "a name of up to 64 printable characters",
                    text -> Optional.of(text)
                            .filter(name -> PRINTABLE.matcher(name).matches()),
                    SyslogSettings.STANDARD.ident(),
                    SyslogSettings.STANDARD.ident(),
                    "name in the system log")
            .onRestart();
    static final Option<SyslogFacility> SYSLOG_FACILITY = Option.value(
                    "syslog_facility",
                    "NAME",
                    "one of " + SyslogFacility.words(),
                    SyslogFacility::ofWord,
                    SyslogSettings.STANDARD.facility(),
                    "mail",
                    "facility in the system log")
            .onRestart();
    static final Option<Optional<SourceText>> SYSLOG_LOGOPT = Option.text(
                    "syslog_logopt", "NAMES", "pid", "options of the system log, such as pid,cons")
            .onRestart();
    static final Option<Optional<SourceText>> SYSLOG_LOGSOCK =
            Option.text("syslog_logsock", "NAMES", "native", "accepted; the system log is always reached by syslog(3)");
    static final Option<Boolean> DEBUGTRACE = Option.flag(
                    "debugtrace", "log what is sent and received, without secrets and content")
            .lastWins();

    private LogOptions() {}

    /** Reads them; problems are left in {@code values}. */
    static LogSettings read(OptionValues values) {
        LogLevel threshold = values.get(LOG_LEVEL);
        boolean tracesConversations = values.get(DEBUGTRACE);
        if (tracesConversations && threshold != LogLevel.DEBUG) {
            values.text(DEBUGTRACE)
                    .ifPresent(flag -> values.add(flag.warning(
                            "debugtrace with log_level " + threshold.word() + ", so that its lines are not logged",
                            "log_level debug")));
        }
        boolean namesSessions = !values.has(SigningOptions.COMPAT);
        return new LogSettings(threshold, values.get(LOG_FILE), syslog(values), tracesConversations, namesSessions);
    }

    private static SyslogSettings syslog(OptionValues values) {
        values.get(SYSLOG_LOGSOCK)
                .filter(ways -> !WORD.matcher(ways.text())
                        .results()
                        .map(MatchResult::group)
                        .allMatch(BY_LIBRARY::contains))
                .ifPresent(ways -> values.add(ways.warning(
                        Problem.quoted(ways.text()) + ", which has no effect",
                        "native, since the system log is always reached by syslog(3) of the C library")));
        return new SyslogSettings(
                values.get(SYSLOG_IDENT),
                values.get(SYSLOG_FACILITY),
                values.get(SYSLOG_LOGOPT)
                        .map(text -> syslogOptions(text, values))
                        .orElse(SyslogSettings.STANDARD.options()));
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
                : Option.pathOf(text).map(LogSettings.Destination.File::new);
    }
}
