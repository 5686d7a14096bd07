package org.dkimproxy.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GivenOptionsTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            value = {
                "selector a             |                              | selector=a",
                "selector a             | --selector=b                 | selector=b",
                "selector a;selector b  |                              | selector=b",
                "''                     | --selector=a --selector=b    | selector=b",
                "signature a            | --selector=b                 | signature=a selector=b",
                "signature a;signature b|                              | signature=a signature=b",
                "signature a;signature b| --signature=c                | signature=c",
                "signature a            | --signature=c --signature=d  | signature=c signature=d",
                "domain a               | --domain=b                   | domain=b",
                "reject_error           | --reject_error=no            | reject_error=no",
                "--Reject-Error = yes   |                              | reject_error=yes",
                "allow a;allow b        | --allow=c                    | allow=c",
                "deny a                 | --deny=b --deny=c            | deny=b deny=c",
                "cidr_allow a;cidr_deny b | --cidr_allow=c               | cidr_allow=c cidr_deny=b",
                "listen a;listen b      | --listen=c                   | listen=c",
                "host a;port 1          | --port=2                     | host=a port=2",
                "background 0           |                              | daemonize=0",
            },
            delimiter = '|')
    void precedence(String file, String words, String effective) throws Exception {
        GivenOptions given = read(file, words == null ? "" : words);

        assertThat(effective(given)).containsExactlyInAnyOrder(effective.split(" "));
    }

    @Test
    void without_conf_file_the_command_line_is_all() throws Exception {
        GivenOptions read = Loading.given("--selector=a");

        assertThat(effective(read)).containsExactly("selector=a");
        assertThat(read.problems()).isEmpty();
    }

    @Test
    void unknown_option_is_warned_about_and_an_error_under_strict() throws Exception {
        assertThat(read("selektor x", "").problems())
                .extracting(Problem::severity)
                .map(Object::toString)
                .containsExactly("WARNING");
        assertThat(read("selektor x", "").problems().getFirst().toString()).contains("selector");
        assertThat(isRefused("selektor x", "")).isFalse();
        assertThat(isRefused("selektor x", "--strict")).isTrue();
        assertThat(isRefused("selektor x;strict", "")).isTrue();
        assertThat(isRefused("strict no", "")).isFalse();
        assertThat(isRefused("strict perhaps", "")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "domain a;selector b;domain c       | ''                        | FILE:3:1 | domain   | FILE:1:1",
                "pid_file a;pidfile b               | ''                        | FILE:2:1 | pidfile  | FILE:1:1",
                "reject_error;--Reject-Error no     | ''                        | FILE:2:3 | reject_error | FILE:1:1",
                "''                                 | --domain=a --domain=b     | LINE:1:AT | domain  | LINE:1:AT",
            },
            delimiter = '|')
    void scalar_that_is_repeated_in_one_source_is_warned_about(
            String file, String words, String at, String name, String first) throws Exception {
        List<Problem> problems = read(file, words).problems();

        assertThat(problems)
                .extracting(problem ->
                        problem.summary().replace(confFile(), "FILE").replaceAll("command line:1:[0-9]+", "LINE:1:AT"))
                .containsExactly(at + ": warning: found the option " + name
                        + " again, which replaces the previous value, expected it once in one place (first at "
                        + first + ")");
        assertThat(isRefused(file, (words + " --strict").strip())).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "domain a                | --domain=b",
                "signature a;signature b | --signature=c --signature=d",
                "listen a;listen b       | ''",
                "user a                  | --user=b --group=b --user=c --group=c --daemonize=no --daemonize=no",
            },
            delimiter = '|')
    void repetitions_that_are_meant_are_no_problems(String file, String words) throws Exception {
        assertThat(read(file, words).problems()).isEmpty();
    }

    @Test
    void conf_file_that_cannot_be_read_is_an_error() throws Exception {
        String missing = directory.resolve("missing").toString();

        GivenOptions read = Loading.given("--conf_file=" + missing);

        assertThat(read.problems())
                .extracting(Problem::summary)
                .containsExactly("error: cannot read conf file " + missing + ": No such file or directory");
    }

    @Test
    void conf_file_in_conf_file_is_not_followed() throws Exception {
        assertThat(read("conf_file other", "").problems())
                .extracting(Problem::summary)
                .containsExactly(confFile()
                        + ":1:1: warning: found conf_file in a conf file, expected it on the command line only");
    }

    private String confFile() {
        return directory.resolve("test.conf").toString();
    }

    private GivenOptions read(String file, String words) throws IOException, UsageException {
        return Loading.given(commandLine(file, words));
    }

    private String[] commandLine(String file, String words) throws IOException {
        Files.writeString(Path.of(confFile()), file.replace(';', '\n') + "\n");
        return ("--conf_file=" + confFile() + (words.isEmpty() ? "" : " " + words)).split(" ");
    }

    /** Whether a start fails with such options beside good ones. */
    private boolean isRefused(String file, String words) throws Exception {
        Path key = PrivateKeys.writeNewRsa(directory.resolve("key.pem"));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        String rest = ";listen a:1;relay b;signature domainkeys(d=example.org,s=s,key=" + key + ");domain example.org";
        return Loading.load(commandLine(file + rest, words)).problems().stream()
                .anyMatch(problem -> problem.severity() == Severity.ERROR);
    }

    /** What readers see: every value of a list, the last of a scalar. */
    private static List<String> effective(GivenOptions given) {
        return given.options().stream()
                .filter(option -> !option.name().equals("conf_file"))
                .filter(option -> isList(option) || option.value().equals(last(given, option)))
                .map(option -> option.name() + "=" + option.value().text())
                .toList();
    }

    private static SourceText last(GivenOptions given, ConfOption option) {
        return given.values()
                .text(ProxyOptions.TABLE.find(option.name()).orElseThrow())
                .orElseThrow();
    }

    private static boolean isList(ConfOption option) {
        return ProxyOptions.TABLE.find(option.name()).orElseThrow().isList();
    }
}
