package org.dkimproxy.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.log.LogSettings;
import org.dkimproxy.standalone.log.LogSettings.Destination;
import org.dkimproxy.standalone.log.SyslogOption;
import org.dkimproxy.standalone.log.SyslogSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogOptionsTest {
    @Test
    void without_options_it_is_standard_error_alone() {
        assertThat(read("").settings).isEqualTo(LogSettings.STANDARD);
        assertThat(LogSettings.STANDARD.inBackground().destination()).isEqualTo(new Destination.SystemLog());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "log_file Sys::Syslog             | dkimproxy.out MAIL PID",
                "log_file sys::syslog             | dkimproxy.out MAIL PID",
                "syslog_ident dkim-out            | dkim-out MAIL PID",
                "syslog_ident my proxy            | my proxy MAIL PID",
                "syslog_facility local3           | dkimproxy.out LOCAL3 PID",
                "syslog_facility LOG_MAIL         | dkimproxy.out MAIL PID",
                "syslog_facility Daemon           | dkimproxy.out DAEMON PID",
                "syslog_logopt pid,cons           | dkimproxy.out MAIL CONS PID",
                "'syslog_logopt pid|nowait|perror' | dkimproxy.out MAIL NOWAIT PERROR PID",
                "syslog_logopt NDELAY, nofatal    | dkimproxy.out MAIL NDELAY NOFATAL",
            })
    void syslog_is_opened_as_asked(String conf, String expected) {
        Read read = read(conf);

        assertThat(read.problems).isEmpty();
        SyslogSettings syslog = read.settings.syslog();
        assertThat(syslog.ident() + " " + syslog.facility() + " "
                        + syslog.options().stream()
                                .map(SyslogOption::name)
                                .sorted()
                                .collect(Collectors.joining(" ")))
                .isEqualTo(expected);
    }

    @Test
    void with_compat_sessions_are_not_named() {
        assertThat(read("").settings.namesSessions()).isTrue();
        assertThat(read("compat dkimproxy-1.4").settings.namesSessions()).isFalse();
    }

    @Test
    void file_is_meant_from_the_working_directory() {
        assertThat(read("log_file x/y.log").settings.destination())
                .isEqualTo(new Destination.File(Path.of("x/y.log").toAbsolutePath()));
        assertThat(read("log_file x/y.log").settings.inBackground().destination())
                .isEqualTo(new Destination.File(Path.of("x/y.log").toAbsolutePath()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "syslog_facility kern     | 'error: found \"kern\", expected one of user, mail, daemon, auth, syslog,"
                        + " lpr, news, uucp, cron, authpriv, ftp, local0, local1, local2, local3, local4, local5, local6,"
                        + " local7'",
                "syslog_ident a%0Ab       | 'error: found \"a\ufffdb\", expected a name of up to 64 printable"
                        + " characters'",
                "syslog_logopt pid,ndlay  | 'warning: found \"ndlay\", expected \"ndelay\"'",
                "syslog_logopt pid,zzz    | 'warning: found \"zzz\", expected pid, cons, nowait, ndelay, odelay,"
                        + " perror, nofatal, noeol, nonul'",
                "log_file %00             | 'error: found \"\ufffd\", expected Sys::Syslog, or the path of a file'",
                "debugtrace maybe         | 'error: found \"maybe\", expected yes or no'",
                "debugtrace;log_level 3   | 'test.conf:1:1: warning: found debugtrace with log_level info, so that its"
                        + " lines are not logged, expected log_level debug'",
                "syslog_logsock udp       | 'test.conf:1:16: warning: found \"udp\", which has no effect, expected"
                        + " native, since the system log is always reached by syslog(3) of the C library'",
                "syslog_logsock native, /var/log/socket | 'warning: found \"native, /var/log/socket\", which has no"
                        + " effect, expected native, since the system log is always reached by syslog(3) of the C"
                        + " library'",
            })
    void wrong_value_is_a_problem(String conf, String problem) {
        assertThat(read(conf).problems)
                .extracting(Problem::summary)
                .singleElement()
                .asString()
                .endsWith(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "debugtrace",
                "debugtrace no;log_level 3",
                "syslog_logsock native",
                "syslog_logsock unix",
                "syslog_logsock native,unix"
            })
    void value_that_has_its_effect_is_no_problem(String conf) {
        assertThat(read(conf).problems).isEmpty();
    }

    private record Read(LogSettings settings, List<Problem> problems) {}

    private static Read read(String conf) {
        OptionValues values = new OptionValues(ConfFile.parse(
                        "test.conf",
                        conf.replace(';', '\n').getBytes(StandardCharsets.UTF_8),
                        ProxyOptions.TABLE.names())
                .value());
        return new Read(LogOptions.read(values), values.problems());
    }
}
