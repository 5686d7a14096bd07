package org.dkimproxy.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.cli.CommandLine;
import org.dkimproxy.standalone.log.LogSettings;
import org.dkimproxy.standalone.net.HostPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxySettingsTest {
    @ParameterizedTest
    @CsvSource(
            value = {
                "a:1 b:2                              | ''                                  | a:1 b:2",
                "a:1 b                                | ''                                  | a:1 b:25",
                "[::1]:1 ::2                          | ''                                  | [::1]:1 [::2]:25",
                "--listen=a:1 --relay=b:2             | ''                                  | a:1 b:2",
                "--listen=a:1 --relay=b:2 c:3 d:4     | ''                                  | c:3 d:4",
                "--listen=a:1 --relay=b:2             | listen c:3;relay d:4                | a:1 b:2",
                "c:3 d:4                              | listen a:1;relay b:2                | c:3 d:4",
                "--relay=b:2                          | listen a:1;relay c:3                | a:1 b:2",
                "''                                   | listen a:1;relay_host b             | a:1 b:25",
                "''                                   | listen a:1;relay_host b;relay_port 7| a:1 b:7",
                "''                                   | listen a:1;relay b;relay_port 7     | a:1 b:7",
                "''                                   | listen a:1;relay b:2;relay_port 7   | a:1 b:2",
                "''                                   | listen a:1;relay b:2;relay_host c   | a:1 b:2",
                "a:1 c                                | relay b:2;relay_port 7              | a:1 c:7",
                "''                                   | listen a:1;listen [::]:2;relay b    | a:1,[::]:2 b:25",
                "''                                   | listen a:1;listen a:1;relay b       | a:1 b:25",
                "--listen=c:3 --listen=*:4            | relay b                             | c:3,*:4 b:25",
                "c:3 d:4                              | listen a:1;listen a:2               | c:3 d:4",
                "''                                   | port 1;relay b                      | *:1 b:25",
                "''                                   | port 1/tcp;host a;relay b           | a:1 b:25",
                "''                                   | host a;port 1;port 2;relay b        | a:1,a:2 b:25",
                "''                                   | host a;host c;port 1;port 2;port 3;relay b | a:1,c:2,c:3 b:25",
                "''                                   | host a;port c:1;port [::1]:2;port *:3;relay b |"
                        + " c:1,[::1]:2,*:3 b:25",
                "''                                   | host=::1;port 1;host [::2];port 2;relay b | [::1]:1,[::2]:2"
                        + " b:25",
                "''                                   | host a;port 1;port a:1;relay b      | a:1 b:25",
                "c:3 d:4                              | host a;port 1                       | c:3 d:4",
            },
            delimiter = '|')
    void addresses_and_their_precedence(String words, String file, String addresses) throws UsageException {
        Read read = Read.of(words, file);

        assertThat(read.problems).isEmpty();
        assertThat(listen(read) + " " + read.settings.orElseThrow().relay()).isEqualTo(addresses);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "''           | listen a:1;port 2   | a:1 | 'test.conf:2:6: warning: found port beside listen, which"
                        + " wins over it, expected one of the two'",
                "''           | listen a:1;host c   | a:1 | 'test.conf:2:6: warning: found host beside listen, which"
                        + " wins over it, expected one of the two'",
                "--port=2     | listen a:1          | *:2 | 'test.conf:1:8: warning: found listen beside port, which"
                        + " wins over it, expected one of the two'",
                "--listen=c:3 | port 2              | c:3 | 'test.conf:1:6: warning: found port beside listen, which"
                        + " wins over it, expected one of the two'",
                "''           | host a;host c;port 2| a:2 | 'test.conf:2:6: warning: found a host without a port,"
                        + " which is ignored, expected one port for each host'",
            },
            delimiter = '|')
    void address_that_another_wins_over_is_warned_about(String words, String file, String listen, String problem)
            throws UsageException {
        Read read = Read.of(words, file + ";relay b");

        assertThat(listen(read)).isEqualTo(listen);
        assertThat(read.problems).extracting(Problem::summary).containsExactly(problem);
    }

    private static String listen(Read read) {
        return read.settings.orElseThrow().listen().stream()
                .map(HostPort::toString)
                .collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "''                | ''         | no listen address: give LISTENADDR:PORT RELAYADDR:PORT, or listen in"
                        + " the conf file",
                "--listen=a:1      | ''         | no relay address: give LISTENADDR:PORT RELAYADDR:PORT, or relay in"
                        + " the conf file",
                "a:1               | ''         | expected the two addresses LISTENADDR:PORT RELAYADDR:PORT, found 1"
                        + " argument",
                "a:1 b:2 c:3       | ''         | expected the two addresses LISTENADDR:PORT RELAYADDR:PORT, found 3"
                        + " arguments",
                "a b:2             | ''         | 'listen address \"a\": expected HOST:PORT or [IPV6]:PORT'",
                "--listen=a        | relay b    | 'listen address \"a\": expected HOST:PORT or [IPV6]:PORT'",
                "a:1 :::           | ''         | 'relay address \":::\": expected HOST, HOST:PORT or [IPV6]:PORT'",
                "a:1 b:x           | ''         | 'relay address \"b:x\": expected HOST, HOST:PORT or [IPV6]:PORT'",
                "--port=x          | relay b    | 'port \"x\": expected PORT, HOST:PORT or [IPV6]:PORT'",
                "listn=a:1 b:2     | ''         | 'listen address \"listn=a:1\": expected HOST:PORT or [IPV6]:PORT'",
            },
            delimiter = '|')
    void wrong_address_on_the_command_line_is_wrong_usage(String words, String file, String message) {
        assertThatThrownBy(() -> Read.of(words, file))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "listen a;relay b     | 'test.conf:1:8: error: found \"a\", expected HOST:PORT or [IPV6]:PORT'",
                "relay b:x;listen a:1 | 'test.conf:1:7: error: found \"b:x\", expected HOST, HOST:PORT or [IPV6]:PORT'",
                "listen ::1:10027;relay b | 'test.conf:1:8: error: found \"::1:10027\", expected brackets, since IPv6"
                        + " addresses need them: [::1]:10027'",
                "relay = :::;listen a:1 | 'test.conf:1:9: error: found \":::\", expected HOST, HOST:PORT or [IPV6]:PORT'",
                "listen [:::]:1;relay b | 'test.conf:1:8: error: found \"[:::]:1\", expected HOST:PORT or [IPV6]:PORT'",
                "relay_port x         | 'test.conf:1:12: error: found \"x\", expected a whole number from 1 to 65535'",
                "listen a:1;listen b;relay c | 'test.conf:2:8: error: found \"b\", expected HOST:PORT or [IPV6]:PORT'",
                "port 70000;relay b   | 'test.conf:1:6: error: found \"70000\", expected PORT, HOST:PORT or"
                        + " [IPV6]:PORT'",
                "port smtp;relay b    | 'test.conf:1:6: error: found \"smtp\", expected PORT, HOST:PORT or"
                        + " [IPV6]:PORT'",
                "host a:2;port 1;relay b | 'test.conf:1:6: error: found \"a:2\", expected a host without a port'",
                "max_servers 0        | 'test.conf:1:13: error: found \"0\", expected a whole number from 1 to 100000'",
                "max_servers many     | 'test.conf:1:13: error: found \"many\", expected a whole number from 1 to"
                        + " 100000'",
                "message_size_limit 1k| 'test.conf:1:20: error: found \"1k\", expected a whole number from 0 to"
                        + " 1099511627776'",
                "bare_newline keep    | 'test.conf:1:14: error: found \"keep\", expected normalize or reject'",
                "log_level loud       | 'test.conf:1:11: error: found \"loud\", expected 0 to 4, error, warning,"
                        + " notice, info or debug'",
                "reject_error maybe   | 'test.conf:1:14: error: found \"maybe\", expected yes or no'",
                "spool_dir /missing   | 'test.conf:1:11: error: found \"/missing\", expected a directory that can be"
                        + " written to'",
            },
            delimiter = '|')
    void wrong_value_in_the_file_is_a_problem(String file, String problem) throws UsageException {
        String more = (file.contains("listen") || file.matches("(host|port) .*") ? "" : ";listen a:1")
                + (file.startsWith("relay ") || file.contains(";relay ") ? "" : ";relay b");

        assertThat(Read.of("", file + more).problems)
                .extracting(Problem::summary)
                .containsExactly(problem);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "listen 127.0.0.1:1    | relay 127.0.0.1:1    | 127.0.0.1:1",
                "listen mx.example:1   | relay MX.example:1   | mx.example:1",
                "listen *:1            | relay 127.0.0.1:1    | *:1",
                "listen *:1            | relay [::1]:1        | *:1",
                "listen 0.0.0.0:1      | relay 127.0.0.5:1    | 0.0.0.0:1",
                "listen 0.0.0.0:1      | relay localhost:1    | 0.0.0.0:1",
                "listen [::]:1         | relay [::1]:1        | [::]:1",
                "listen [::]:1         | relay 127.0.0.1:1    | [::]:1",
                "listen [::1]:1        | relay [0:0::1]:1     | [::1]:1",
                "listen localhost:1    | relay 127.0.0.1:1    | localhost:1",
                "listen 127.0.0.1:25   | relay 127.0.0.1      | 127.0.0.1:25",
                "listen 127.0.0.1:7;relay_port 7 | relay_host 127.0.0.1 | 127.0.0.1:7",
                "listen 127.0.0.1:2;listen 127.0.0.1:1 | relay 127.0.0.1:1 | 127.0.0.1:1",
                "port 1                | relay 127.0.0.1:1    | *:1",
            },
            delimiter = '|')
    void relay_that_is_the_program_itself_is_an_error(String listen, String relay, String loop) throws UsageException {
        assertThat(Read.of("", listen + ";" + relay).problems)
                .singleElement()
                .extracting(Problem::summary)
                .asString()
                .contains(": error: found relay ", ", which leads back to the listen address " + loop + ", expected ");
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "listen 127.0.0.1:1 | relay 127.0.0.1:2",
                "listen 127.0.0.1:1 | relay 127.0.0.2:1",
                "listen 127.0.0.1:1 | relay [::1]:1",
                "listen 0.0.0.0:1   | relay [::1]:1",
                "listen *:1         | relay 192.0.2.7:1",
                "listen 127.0.0.1:0 | relay 127.0.0.1:0",
            },
            delimiter = '|')
    void other_relays_are_none(String listen, String relay) throws UsageException {
        assertThat(Read.of("", listen + ";" + relay).problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "relay 10028      | '\"10028\", a number in place of a host, expected a host and a port, such as"
                        + " 127.0.0.1:10028'",
                "relay_host 10028 | '\"10028\", a number in place of a host, expected a host and a port, such as"
                        + " 127.0.0.1:10028'",
                "relay 0.0.0.0:2  | '\"0.0.0.0:2\", an unspecified address, expected the address of the relay, such as"
                        + " 127.0.0.1 or ::1'",
                "relay [::]:2     | '\"[::]:2\", an unspecified address, expected the address of the relay, such as"
                        + " 127.0.0.1 or ::1'",
            },
            delimiter = '|')
    void relay_that_is_probably_a_mistake_is_warned_about(String relay, String found) throws UsageException {
        Read read = Read.of("", "listen a:1;" + relay);

        assertThat(read.settings).isPresent();
        assertThat(read.problems)
                .extracting(Problem::summary)
                .containsExactly("test.conf:2:" + (relay.indexOf(' ') + 2) + ": warning: found " + found);
        assertThat(Read.of("a:1 10028", "").problems)
                .extracting(Problem::summary)
                .containsExactly(
                        "command line:1:5: warning: found \"10028\", a number in place of a host, expected a host"
                                + " and a port, such as 127.0.0.1:10028");
    }

    @Test
    void relay_of_colons_only_is_a_problem() throws UsageException {
        assertThat(Read.of("", "listen a:1;relay :::").problems).hasSize(1);
        assertThat(Read.of("", "listen a:1;relay ::::").problems).hasSize(1);
    }

    @Test
    void defaults() throws UsageException {
        ProxySettings settings = Read.of("a:1 b:2", "").settings.orElseThrow();

        assertThat(settings.limits()).isEqualTo(ProxyLimits.STANDARD);
        assertThat(settings.bareNewline()).isEqualTo(BareNewline.NORMALIZE);
        assertThat(settings.message().rejectErrors()).isFalse();
        assertThat(settings.message().log()).isEqualTo(LogSettings.STANDARD);
        assertThat(settings.message().spoolDirectory()).hasToString(System.getProperty("java.io.tmpdir"));
    }

    @ParameterizedTest
    @CsvSource({
        "'',                 reject_error,     true",
        "'',                 reject-error yes, true",
        "'',                 reject_error 0,   false",
        "'',                 reject_error off, false",
        "--reject-error,     '',               true",
        "--reject_error=no,  reject_error,     false",
    })
    void reject_error_works_from_everywhere(String words, String file, boolean on) throws UsageException {
        Read read = Read.of(words, file + ";listen a:1;relay b");

        assertThat(read.settings.orElseThrow().message().rejectErrors()).isEqualTo(on);
    }

    private record Read(Optional<ProxySettings> settings, List<Problem> problems) {
        static Read of(String words, String file) throws UsageException {
            CommandLine commandLine = Loading.commandLine(words.isEmpty() ? new String[0] : words.split(" "));
            List<ConfOption> options = new ArrayList<>(ConfFile.parse(
                            "test.conf",
                            file.replace(';', '\n').getBytes(java.nio.charset.StandardCharsets.UTF_8),
                            ProxyOptions.TABLE.names())
                    .value());
            Set<String> given =
                    commandLine.options().stream().map(ConfOption::name).collect(Collectors.toSet());
            options.removeIf(option -> given.contains(option.name()));
            options.addAll(commandLine.options());
            OptionValues values = new OptionValues(options);
            return new Read(ProxySettings.read(values, commandLine.arguments(), Optional.empty()), values.problems());
        }
    }
}
