package org.dkimproxy.standalone.options;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dkimproxy.sendermap.NearestName;
import org.dkimproxy.sendermap.Problem;
import org.dkimproxy.sendermap.SourceFragment;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.LogSettings;
import org.dkimproxy.standalone.log.SyslogFacility;
import org.dkimproxy.standalone.log.SyslogOption;
import org.dkimproxy.standalone.log.SyslogSettings;

/** The options that say what is logged, and where. */
final class LogOptions {
    private static final String SYSTEM_LOG = "Sys::Syslog";
    private static final Pattern PRINTABLE = Pattern.compile("[!-~]([ -~]{0,62}[!-~])?");
    private static final Pattern WORD = Pattern.compile("[^,|\\s]+");

    private LogOptions() {}

    /** Reads them; problems are left in {@code values}. */
    static LogSettings read(OptionValues values) {
        LogLevel threshold = values.read("log_level", "0 to 4, error, warning, notice, info or debug", LogLevel::ofText)
                .orElse(LogLevel.DEBUG);
        LogSettings.Destination destination = values.read(
                        "log_file", SYSTEM_LOG + ", or the path of a file", LogOptions::destination)
                .orElseGet(LogSettings.Destination.None::new);
        return new LogSettings(
                threshold,
                destination,
                syslog(values),
                values.flag("debugtrace"),
                values.text("compat").isEmpty());
    }

    private static SyslogSettings syslog(OptionValues values) {
        SyslogSettings standard = SyslogSettings.STANDARD;
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

    private static Set<SyslogOption> syslogOptions(SourceFragment text, OptionValues values) {
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
