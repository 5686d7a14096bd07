package org.dkimproxy.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.SigningOptions;
import org.dkimproxy.standalone.config.ProxyOptions;
import org.junit.jupiter.api.Test;

class UsageTest {
    private static final String TEXT = Usage.of("program [options]", "Does it.", ProxyOptions.TABLE);

    @Test
    void names_every_option() {
        for (Option<?> option : ProxyOptions.TABLE.options().toList()) {
            assertThat(TEXT).contains(option.name());
        }
    }

    @Test
    void says_what_each_option_does() {
        assertThat(ProxyOptions.TABLE.options().filter(option -> option.effect() != Option.Effect.NONE))
                .allSatisfy(
                        option -> assertThat(option.help()).as(option.name()).isNotBlank());
    }

    @Test
    void is_grouped_and_shows_defaults() {
        assertThat(TEXT)
                .startsWith("Usage: program [options]\nDoes it.\n\nSMTP:\n  --conf_file=FILE ")
                .contains("\nSigning:\n")
                .contains("\nDaemon:\n")
                .contains("\nAccess:\n")
                .contains("\nPool:\n")
                .contains("\nLog:\n")
                .contains(
                        "  --relay_port=PORT               port of the relay when its address names none (default: 25)\n")
                .contains("  --daemonize                     run in the background; return once mail is accepted\n");
    }

    @Test
    void lines_are_readable() {
        assertThat(TEXT.lines()).allMatch(line -> line.length() <= 115);
    }

    @Test
    void example_conf_file_has_no_problem_and_names_every_signing_option() throws IOException {
        byte[] example = Files.readAllBytes(Path.of("src/main/dist/etc/dkimproxy_out.conf.example"));
        String text = new String(example, StandardCharsets.UTF_8);
        String uncommented = text.replaceAll("(?m)^#([a-z_]+ *)", "$1");

        assertThat(ConfFile.parse("example", example, ProxyOptions.TABLE.names())
                        .problems())
                .isEmpty();
        assertThat(ConfFile.parse("example", uncommented.getBytes(StandardCharsets.UTF_8), ProxyOptions.TABLE.names())
                        .problems())
                .isEmpty();
        for (Option<?> option : SigningOptions.GROUP.options()) {
            assertThat(text).containsPattern("(?m)^#?" + option.name() + "( |$)");
        }
    }
}
