package org.dkimproxy.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The option {@code include}. */
class IncludeTest {
    @TempDir
    Path directory;

    private Path parts;

    @BeforeEach
    void makeDirectory() throws IOException {
        parts = Files.createDirectory(directory.resolve("conf.d"));
    }

    @Test
    void options_of_an_included_file_stand_in_place_of_the_line() throws Exception {
        write("part", "signature b\nselector s\n");

        GivenOptions given = read("signature a\ninclude DIR/part\nsignature c\n");

        assertThat(effective(given)).containsExactly("signature=a", "signature=b", "selector=s", "signature=c");
        assertThat(given.problems()).isEmpty();
        assertThat(given.options().get(1).value().position().toString()).isEqualTo(directory.resolve("part") + ":1:11");
    }

    @Test
    void a_pattern_includes_the_files_that_match_by_name_and_no_hidden_one() throws Exception {
        write("conf.d/20-b.conf", "signature b\n");
        write("conf.d/10-a.conf", "signature a\n");
        write("conf.d/.hidden.conf", "signature hidden\n");
        write("conf.d/30-c.conf.dpkg-old", "signature old\n");

        assertThat(effective(read("include DIR/conf.d/*.conf\n"))).containsExactly("signature=a", "signature=b");
        assertThat(effective(read("include DIR/conf.d/*0-b*\n"))).containsExactly("signature=b");
    }

    @Test
    void a_pattern_may_match_nothing_and_its_directory_must_exist() throws Exception {
        assertThat(read("include DIR/conf.d/*.conf\n").problems()).isEmpty();
        assertThat(summaries(read("include DIR/none/*.conf\n")))
                .containsExactly("CONF:1:9: error: cannot read conf file DIR/none/*.conf: No such file or directory");
    }

    @Test
    void a_file_that_cannot_be_read_or_includes_itself_is_an_error() throws Exception {
        write("one", "include DIR/two\n");
        write("two", "selector s\ninclude DIR/one\n");

        assertThat(summaries(read("include DIR/missing\n")))
                .containsExactly("CONF:1:9: error: cannot read conf file DIR/missing: No such file or directory");
        assertThat(summaries(read("include DIR/conf.d\n")))
                .containsExactly("CONF:1:9: error: cannot read conf file DIR/conf.d: it is not a regular file");
        GivenOptions given = read("include DIR/one\n");
        assertThat(summaries(given))
                .containsExactly("DIR/two:2:9: error: cannot read conf file DIR/one: it includes itself");
        assertThat(effective(given)).containsExactly("selector=s");
        assertThat(given.isUnusable()).isTrue();
    }

    @Test
    void the_command_line_wins_over_included_files_and_may_include_files_that_win_over_the_conf_file()
            throws Exception {
        write("part", "selector included\ndomain included.example\n");

        assertThat(effective(read("include DIR/part\n", "--selector=given")))
                .containsExactly("domain=included.example", "selector=given");
        assertThat(effective(read("selector own\n", "--include=" + directory.resolve("part"))))
                .containsExactly("selector=included", "domain=included.example");
    }

    @Test
    void an_option_that_is_repeated_in_another_file_is_warned_about() throws Exception {
        write("part", "selector b\n");

        assertThat(summaries(read("selector a\ninclude DIR/part\n")))
                .containsExactly("DIR/part:1:1: warning: found the option selector again, which replaces the previous"
                        + " value, expected it once in one place (first at CONF:1:1)");
    }

    @Test
    void included_files_and_the_directory_of_a_pattern_are_watched() throws Exception {
        Path part = write("conf.d/a.conf", "selector a\n");

        GivenOptions given = read("include DIR/conf.d/*.conf\n");

        assertThat(given.confStamps().paths()).containsExactlyInAnyOrder(conf(), parts, part);
        assertThat(given.confStamps().again()).isEqualTo(given.confStamps());
        write("conf.d/b.conf", "selector b\n");
        assertThat(given.confStamps().again()).isNotEqualTo(given.confStamps());
    }

    @Test
    void an_included_file_that_everyone_can_change_is_warned_about() throws Exception {
        Path key = PrivateKeys.writeNewRsa(directory.resolve("key.pem"));
        Path part = write("part", "listen a:1\nrelay b\ndomain example.org\nselector s\nkeyfile " + key + "\n");
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.writeString(conf(), "include " + part + "\n");

        assertThat(Loading.load("--conf_file=" + conf()).problems())
                .extracting(Problem::summary)
                .anyMatch(problem -> problem.startsWith(conf() + ":1:9: warning: found conf_file " + part));
    }

    private Path conf() {
        return directory.resolve("test.conf");
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text.replace("DIR", directory.toString()));
    }

    private GivenOptions read(String text, String... words) throws IOException, UsageException {
        write("test.conf", text);
        String[] all = new String[words.length + 1];
        all[0] = "--conf_file=" + conf();
        System.arraycopy(words, 0, all, 1, words.length);
        return Loading.given(all);
    }

    private List<String> summaries(GivenOptions given) {
        return given.problems().stream()
                .map(Problem::summary)
                .map(text -> text.replace(conf().toString(), "CONF").replace(directory.toString(), "DIR"))
                .toList();
    }

    private static List<String> effective(GivenOptions given) {
        return given.options().stream()
                .filter(option -> !option.name().equals("conf_file"))
                .map(option -> option.name() + "=" + option.value().text())
                .toList();
    }
}
