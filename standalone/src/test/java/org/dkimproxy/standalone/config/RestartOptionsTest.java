package org.dkimproxy.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.signing.config.OptionValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes of which options need a restart, and what is in use until then. */
class RestartOptionsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            value = {
                "listen a:1         | listen a:2              | listen",
                "listen a:1         | listen a:1;listen a:2   | listen",
                "host a;port 1      | host b;port 2           | port host",
                "relay a            | relay_host a            | relay relay_host",
                "relay_port 1       | relay_port 2            | relay_port",
                "max_servers 1      | max_servers 2           | max_servers",
                "''                 | daemonize               | daemonize",
                "daemonize yes      | setsid 1                | ''",
                "user x             | user y                  | user",
                "group x            | ''                      | group",
                "''                 | chroot /x               | chroot",
                "pid_file /x        | pidfile /y              | pidfile",
                "pid_file /x        | pidfile /x              | ''",
                "log_file /x        | log_file /y             | log_file",
                "syslog_ident x;syslog_facility lpr;syslog_logopt cons | '' | syslog_ident syslog_facility syslog_logopt",
                "metrics_listen a:1 | metrics_listen a:2      | metrics_listen",
                "metrics_listen a:1 | metrics_listen=a:1      | ''",
                "log_level 1        | log_level 2;debugtrace  | ''",
                "max_servers_per_client 1 | max_servers_per_client 2;spool_budget 1048576;reject_error | ''",
                "domain a;keyfile b | selector c              | ''",
            },
            delimiter = '|')
    void a_change_is_named(String before, String after, String names) throws Exception {
        assertThat(given(after).changedOnRestart(given(before), ProxyOptions.TABLE))
                .isEqualTo(names.isEmpty() ? List.of() : List.of(names.split(" ")));
    }

    @Test
    void options_of_the_start_stay_in_use() throws Exception {
        GivenOptions started = given("listen a:1;relay b;max_servers 1;reject_error no");
        GivenOptions next = given("port 2;relay c;max_servers 2;reject_error yes;allow x");

        OptionValues values = new OptionValues(next.withRestartOptionsOf(started, ProxyOptions.TABLE));

        assertThat(values.texts(ListenOptions.LISTEN)).hasSize(1);
        assertThat(values.has(ListenOptions.PORT)).isFalse();
        assertThat(values.get(ProxySettings.RELAY).orElseThrow().text()).isEqualTo("b");
        assertThat(values.get(ProxyLimits.MAX_SERVERS)).isEqualTo(1);
        assertThat(values.get(MessageSettings.REJECT_ERROR)).isTrue();
        assertThat(values.texts(AccessOptions.ALLOW)).hasSize(1);
    }

    private GivenOptions given(String conf) throws IOException, UsageException {
        Path file = Files.writeString(directory.resolve("conf"), conf.replace(';', '\n') + "\n");
        return Loading.given("--conf_file=" + file);
    }
}
