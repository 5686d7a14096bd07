package org.dkimproxy.standalone.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.standalone.cli.Program;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManPageTest {
    @TempDir
    static Path directory;

    @BeforeAll
    static void write() throws IOException {
        ManPages.write(Path.of("src/main/man"), directory, "1.2-x", "2026-01-31");
    }

    @Test
    void every_option_and_alias_of_the_usage_is_in_the_page() throws IOException {
        for (Map.Entry<String, Program> program : ManPages.PROGRAMS.entrySet()) {
            String page = page(program.getKey());
            for (Option<?> option : program.getValue().options().options().toList()) {
                assertThat(page).as(program.getKey()).contains(Roff.bold("--" + option.name()));
                option.aliases().forEach(alias -> assertThat(page).contains(Roff.bold("--" + alias)));
            }
            assertThat(page).contains(Roff.bold("--help"), Roff.bold("--version"), "1.2\\-x", "2026-01-31");
        }
    }

    @Test
    void every_section_is_there() throws IOException {
        assertThat(page("man8/dkimproxy.out.8"))
                .containsSubsequence(
                        ".TH ",
                        ".SH NAME\n",
                        ".SH SYNOPSIS\n",
                        ".SH DESCRIPTION\n",
                        ".SH OPTIONS\n",
                        ".SS SMTP\n",
                        ".SH FILES\n",
                        ".SH SIGNALS\n",
                        ".SH EXIT STATUS\n",
                        ".SH EXAMPLES\n",
                        ".SH SEE ALSO\n");
    }

    @Test
    void no_placeholder_is_left() throws IOException {
        for (String name : ManPages.PROGRAMS.keySet()) {
            assertThat(page(name)).doesNotContainPattern("@[a-z]+@");
        }
    }

    @Test
    void an_option_has_its_argument_its_help_and_its_default() throws IOException {
        assertThat(page("man8/dkimproxy.out.8"))
                .contains("""
                        .TP
                        \\fB\\-\\-relay_port\\fP=\\fIPORT\\fP
                        Port of the relay when its address names none. Default: 25.
                        """)
                .contains(".TP\n\\fB\\-\\-daemonize\\fP, \\fB\\-\\-background\\fP, \\fB\\-\\-setsid\\fP\n")
                .contains("May be repeated.");
    }

    @Test
    void text_appears_as_it_is() {
        assertThat(Roff.escape(".a -b \\c 'd' `e` ^ ~ f.g"))
                .isEqualTo("\\&.a \\-b \\ec \\(aqd\\(aq \\(gae\\(ga \\(ha \\(ti f.g");
        assertThat(Roff.escape("'x")).startsWith("\\(aq");
        assertThat(Roff.italic("")).isEmpty();
    }

    private static String page(String name) throws IOException {
        return Files.readString(directory.resolve(name), StandardCharsets.US_ASCII);
    }
}
