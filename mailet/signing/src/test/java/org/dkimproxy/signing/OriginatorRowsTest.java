package org.dkimproxy.signing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dkimproxy.signing.message.Originator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From and Sender fields as people write them, of {@code message/from.tsv}: who is the originator, and what is signed. */
class OriginatorRowsTest {
    private static final Pattern OCTET = Pattern.compile("\\\\x([0-9a-f]{2})");
    private static final String MAP = """
            example.org dkim
            example.net dkim
            """;

    private static Workbench bench;

    @BeforeAll
    static void fill(@TempDir Path folder) {
        bench = new Workbench(folder).write("sender.map", MAP);
    }

    /** One row; each character is an octet. */
    record Row(String from, String sender, String bySender, String byFrom) {
        static Row of(String line) {
            String[] columns = line.split("\t", -1);
            return new Row(unescaped(columns[0]), unescaped(columns[1]), unescaped(columns[2]), unescaped(columns[3]));
        }

        private static String unescaped(String text) {
            return OCTET.matcher(text)
                    .replaceAll(octet -> java.util.regex.Matcher.quoteReplacement(
                            String.valueOf((char) Integer.parseInt(octet.group(1), 16))));
        }

        byte[] message() {
            String second = sender.equals("-") ? "" : "Sender: " + sender + "\r\n";
            return ("From: " + from + "\r\n" + second + "Subject: x\r\n\r\nbody\r\n").getBytes(ISO_8859_1);
        }
    }

    static Stream<Row> rows() {
        try (InputStream in = Objects.requireNonNull(Originator.class.getResourceAsStream("from.tsv"))) {
            return new String(in.readAllBytes(), UTF_8).lines().skip(1).map(Row::of);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_single_domain_signs_every_message_with_one_from_field(Row row) {
        SigningOutcome outcome = sign("domain=example.com\n", row);
        assertThat(Workbench.shown(outcome)).startsWith("DKIM-v=1; a=ed25519-sha256; c=relaxed; d=example.com; s=mail");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_map_signs_for_the_originator(Row row) {
        assertOriginator(sign("sender_map=sender.map\n", row), row.bySender());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void a_map_signs_for_the_from_domain_with_originator_from(Row row) {
        SigningOutcome outcome = sign("sender_map=sender.map\noriginator=from\n", row);
        assertOriginator(outcome, row.byFrom());
        assertThat(outcome.message().sender()).isEmpty();
    }

    private static void assertOriginator(SigningOutcome outcome, String expected) {
        Optional<String> address =
                outcome.message().sender().or(() -> outcome.message().from());
        switch (expected) {
            case "NONE", "SEVERAL" -> {
                assertThat(address).isEmpty();
                assertThat(outcome).isInstanceOfSatisfying(SigningOutcome.Skipped.class, skipped -> {
                    assertThat(skipped.cause()).isEqualTo(SigningOutcome.Cause.UNKNOWN_ORIGINATOR);
                    assertThat(skipped.reason())
                            .startsWith(
                                    expected.equals("NONE") ? "no address in the From field" : "addresses of several");
                });
            }
            default -> {
                assertThat(address).contains(expected);
                assertThat(outcome)
                        .isInstanceOfSatisfying(
                                SigningOutcome.Signed.class,
                                signed -> assertThat(signed.fields().getFirst().domain())
                                        .isEqualTo(expected.substring(expected.lastIndexOf('@') + 1)));
            }
        }
    }

    private static SigningOutcome sign(String conf, Row row) {
        return bench.signer(conf + "selector=mail\nkeyfile=ed.pem\nsignature=dkim(t=off)\n")
                .sign(row.message());
    }
}
