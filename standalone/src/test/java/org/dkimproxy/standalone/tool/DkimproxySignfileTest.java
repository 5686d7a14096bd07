package org.dkimproxy.standalone.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DkimproxySignfileTest {
    private static final String MESSAGE = "From: a@example.org\r\nMessage-ID: <1@example.org>\r\n\r\nbody\r\n";
    private static final String OTHERS = "From: a@example.net\r\n\r\nbody\n";
    private static final String UNREADABLE = "Sender: a@example.org\r\nSubject: no From\r\n\r\nbody\r\n";

    @TempDir
    static Path keys;

    @TempDir
    Path directory;

    private Path conf;

    @BeforeAll
    static void writeKey() throws IOException, GeneralSecurityException {
        PrivateKeys.writeNewRsa(keys.resolve("key.pem"));
    }

    @BeforeEach
    void writeConf() throws IOException {
        conf = Files.writeString(directory.resolve("sign.conf"), """
                listen 127.0.0.1:1
                relay 127.0.0.1:2
                domain example.org,example.com
                selector s
                keyfile KEY
                signature dkim(a=rsa-sha256)
                """.replace(
                        "KEY", keys.resolve("key.pem").toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n"})
    void signs_standard_input_with_either_line_end(String lineEnd) {
        Run run = run(MESSAGE.replace("\r\n", lineEnd));

        assertThat(run.code).isZero();
        assertThat(run.out).startsWith("DKIM-Signature: v=1; a=rsa-sha256; ").endsWith("\r\n" + MESSAGE);
        assertThat(run.err.lines().filter(line -> line.startsWith("DKIM")))
                .containsExactly(
                        "DKIM signing - signed; message-id=<1@example.org>, signer=<@example.org>, from=<a@example.org>");
    }

    @Test
    void message_of_another_domain_is_written_as_it_is() {
        Run run = run(OTHERS);

        assertThat(run.code).isZero();
        assertThat(run.out).isEqualTo(OTHERS);
        assertThat(run.err).contains("DKIM signing - skipped; from=<a@example.net>\n", "unsigned: ");
    }

    @Test
    void message_that_cannot_be_signed_is_written_unsigned_and_fails() {
        Run run = run(UNREADABLE);

        assertThat(run.code).isEqualTo(1);
        assertThat(run.out).isEqualTo(UNREADABLE);
        assertThat(run.err).contains("signing error: ", ", message leaves unsigned");
    }

    @Test
    void with_reject_error_nothing_is_written() {
        Run run = run(UNREADABLE, "--reject_error");

        assertThat(run.code).isEqualTo(1);
        assertThat(run.out).isEmpty();
        assertThat(run.err).contains(", message refused");
    }

    @Test
    void files_are_signed_into_a_directory() throws IOException {
        Path out = Files.createDirectory(directory.resolve("out"));
        Path one = Files.writeString(directory.resolve("one.eml"), MESSAGE);
        Path two = Files.writeString(directory.resolve("two.eml"), OTHERS);
        Path bad = Files.writeString(directory.resolve("bad.eml"), UNREADABLE);

        Run run = run("", "--reject_error", "--out=" + out, one.toString(), two.toString(), bad.toString());

        assertThat(run.code).isEqualTo(1);
        assertThat(run.out).isEmpty();
        assertThat(Files.readString(out.resolve("one.eml")))
                .startsWith("DKIM-Signature:")
                .endsWith(MESSAGE);
        assertThat(Files.readString(out.resolve("two.eml"))).isEqualTo(OTHERS);
        try (Stream<Path> written = Files.list(out)) {
            assertThat(written.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("one.eml", "two.eml");
        }
    }

    @Test
    void one_file_goes_to_standard_output() throws IOException {
        Path file = Files.writeString(directory.resolve("one.eml"), MESSAGE);

        assertThat(run("", file.toString()).out).startsWith("DKIM-Signature:").endsWith(MESSAGE);
    }

    @Test
    void large_message_arrives_whole() {
        String large = MESSAGE + "0123456789\r\n".repeat(100_000);

        assertThat(run(large).out).startsWith("DKIM-Signature:").endsWith("\r\n" + large);
    }

    @Test
    void file_that_cannot_be_read_fails() {
        Run run = run("", directory.resolve("missing").toString());

        assertThat(run.code).isEqualTo(1);
        assertThat(run.err).contains("Error: " + directory.resolve("missing") + ": No such file or directory\n");
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "a b             | Error: 2 files without --out=DIR",
                "--out=/missing a| Error: --out: /missing is no directory",
                "--out=/tmp      | Error: --out without a FILE",
                "--out=/tmp a x/a| Error: two files of the name a",
                "--nonsense      | Error: unknown option \"--nonsense\"",
            },
            delimiter = '|')
    void wrong_usage(String words, String error) {
        Run run = run("", words.split(" "));

        assertThat(run.code).isEqualTo(2);
        assertThat(run.err).contains(error + "\nFor the options, see --help.\n");
    }

    @Test
    void help_is_on_standard_output() {
        Run run = run("", "--help");

        assertThat(run.code).isZero();
        assertThat(run.out)
                .startsWith("Usage: dkimproxy-signfile ")
                .contains("--out=DIR")
                .contains("--keyfile=FILE");
        assertThat(run.err).isEmpty();
    }

    @Test
    void wrong_configuration_stops_with_its_place() throws IOException {
        Files.writeString(conf, "domain example.org\nselector s\nkeyfile /missing\n");
        Run run = run(MESSAGE);

        assertThat(run.code).isEqualTo(1);
        assertThat(run.out).isEmpty();
        assertThat(run.err)
                .contains(conf + ":3:9: error: cannot read key file ")
                .doesNotContain("\tat ");
    }

    /** Keys and the directory of large messages lie inside for the proxy, and the tool stays outside. */
    @Test
    void large_message_waits_inside_the_root_directory() throws IOException {
        Path jail = Files.createDirectory(directory.resolve("jail"));
        Files.createDirectory(jail.resolve("large"));
        Files.copy(keys.resolve("key.pem"), jail.resolve("key.pem"));
        Files.writeString(
                conf,
                Files.readString(conf).replaceAll("keyfile .*", "keyfile /key.pem\nchroot " + jail)
                        + "spool_dir /large\n");
        String large = MESSAGE + "0123456789abcdef\r\n".repeat(20_000);
        Run run = run(large);

        assertThat(run.err).doesNotContain("Error: ");
        assertThat(run.code).isZero();
        assertThat(run.out).startsWith("DKIM-Signature: ").endsWith(large);
    }

    private record Run(int code, String out, String err) {}

    private Run run(String input, String... words) {
        List<String> args = new ArrayList<>(List.of("--conf_file=" + conf));
        args.addAll(List.of(words));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new DkimproxySignfile(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(args);
        return new Run(code, out.toString(StandardCharsets.ISO_8859_1), err.toString(StandardCharsets.UTF_8));
    }
}
