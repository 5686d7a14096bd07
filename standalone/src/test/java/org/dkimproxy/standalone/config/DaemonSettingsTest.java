package org.dkimproxy.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.cli.CommandLine;
import org.dkimproxy.standalone.daemon.RunAs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DaemonSettingsTest {
    @TempDir
    Path directory;

    @Test
    void nothing_asked_for_changes_nothing() {
        DaemonSettings settings = read("");

        assertThat(settings.isBackground()).isFalse();
        assertThat(settings.runAs().value()).contains(RunAs.UNCHANGED);
    }

    @Test
    void user_brings_its_groups_unless_groups_are_named() {
        assertThat(runAs("user root").groups()).startsWith(0);
        assertThat(runAs("user root\ngroup 7").groups()).containsExactly(7);
        assertThat(runAs("group 9 8,7").groups()).containsExactly(9, 8, 7);
        assertThat(runAs("group 9 8,7").user()).isEmpty();
    }

    @Test
    void root_directory_is_absolute() {
        Path relative = Path.of("").toAbsolutePath().relativize(directory);

        assertThat(runAs("chroot " + directory).root()).contains(directory);
        assertThat(runAs("chroot " + relative).root()).get().matches(Path::isAbsolute);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "user no-such-user      | found user \"no-such-user\", expected a user of this system",
                "group root no-such-one | found group \"no-such-one\", expected a group of this system",
                "chroot /no/such        | found \"/no/such\", expected a directory that exists",
                "chroot /etc/passwd     | found \"/etc/passwd\", expected a directory that exists",
                "user 54321             | found number 54321 without an account, and no group, expected the option group too",
            },
            delimiter = '|')
    void what_does_not_exist_is_a_problem_and_leaves_nothing_to_run_as(String conf, String problem) {
        var runAs = read(conf).runAs();

        assertThat(runAs.value()).isEmpty();
        assertThat(runAs.problems())
                .singleElement()
                .extracting(Problem::summary)
                .asString()
                .endsWith(": error: " + problem);
    }

    @Test
    void empty_values_are_problems() throws UsageException {
        List<String> words = List.of("--user=", "--group= ", "--chroot=");
        OptionValues values = new OptionValues(
                CommandLine.parse(words, ProxyOptions.TABLE, true).options());
        DaemonSettings.read(values);

        assertThat(values.problems())
                .extracting(Problem::expected)
                .containsExactly("a user", "a group, or several with blanks between", "a directory");
    }

    private static RunAs runAs(String conf) {
        return read(conf).runAs().value().orElseThrow();
    }

    private static DaemonSettings read(String conf) {
        return DaemonSettings.read(values(conf));
    }

    private static OptionValues values(String conf) {
        OptionTable known = ProxyOptions.TABLE;
        return new OptionValues(
                ConfFile.parse("conf", conf.getBytes(StandardCharsets.UTF_8), known.names()).value().stream()
                        .map(option -> new ConfOption(
                                known.find(option.name()).orElseThrow().name(), option.written(), option.value()))
                        .toList());
    }
}
