package org.dkimproxy.james.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.BodyPart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Characters in the messages are octets, {@code \n} stands for CRLF. */
class SevenBitConversionTest {
    private static final String LATIN1 = "Gr\u00FC\u00DFe aus K\u00F6ln, sagt der Bote mit dem langen Atem";
    private static final String LATIN1_QP = "Gr=FC=DFe aus K=F6ln, sagt der Bote mit dem langen Atem";

    private static final String QUOTED = "Content-Transfer-Encoding: quoted-printable\n";
    private static final String BASE64 = "Content-Transfer-Encoding: base64\n";
    private static final String EIGHT_BIT = "Content-Transfer-Encoding: 8bit\n";
    private static final String SEVEN_BIT = "Content-Transfer-Encoding: 7bit\n";

    static Stream<Arguments> conversions() {
        return Stream.of(
                row("plain ASCII", "From: a@b\n\ntext\n", "From: a@b\n\ntext\n"),
                row("no body", "From: a@b\n\n", "From: a@b\n\n"),
                row("no empty line", "From: a@b\n", "From: a@b\n"),
                row(
                        "8bit text",
                        "Content-Type: text/plain; charset=iso-8859-1\n" + EIGHT_BIT + "\n" + LATIN1 + "\n",
                        "Content-Type: text/plain; charset=iso-8859-1\n" + QUOTED + "\n" + LATIN1_QP + "\n"),
                row(
                        "octets above 127 under the label 7bit",
                        "content-transfer-encoding:7bit\n\n" + LATIN1 + "\n",
                        QUOTED + "\n" + LATIN1_QP + "\n"),
                row(
                        "no MIME fields at all",
                        "From: a@b\nTo: c@d\n\n" + LATIN1 + "\n",
                        "From: a@b\nTo: c@d\n" + QUOTED + "\n" + LATIN1_QP + "\n"),
                row(
                        "8bit label on ASCII: relays go by the label",
                        EIGHT_BIT + "Subject: x\n\ntext\n",
                        SEVEN_BIT + "Subject: x\n\ntext\n"),
                row(
                        "label with comment and in capitals",
                        "Content-Transfer-Encoding: 8BIT (as ever)\n\ntext\n",
                        SEVEN_BIT + "\ntext\n"),
                row(
                        "folded label, given twice",
                        "Content-Transfer-Encoding:\n 8bit\nContent-Transfer-Encoding: binary\nTo: x\n\ntext\n",
                        SEVEN_BIT + "To: x\n\ntext\n"),
                row(
                        "label with a parameter, which it may not have",
                        "Content-Transfer-Encoding: 8bit charset=utf-8\n\n" + LATIN1 + "\n",
                        QUOTED + "\n" + LATIN1_QP + "\n"),
                row(
                        "text that is mostly not ASCII is shorter in base64",
                        "Content-Type: text/plain; charset=utf-8\n\n\u00D0\u009F\u00D1\u0080\u00D0\u00B8\n",
                        "Content-Type: text/plain; charset=utf-8\n" + BASE64 + "\n0J/RgNC4DQo=\n"),
                row(
                        "text with NUL is not made of lines",
                        "Content-Type: text/plain; charset=utf-16\n\n" + "\0a".repeat(20) + "\n",
                        "Content-Type: text/plain; charset=utf-16\n" + BASE64 + "\n"
                                + "AGEAYQBhAGEAYQBhAGEAYQBhAGEAYQBhAGEAYQBhAGEAYQBhAGEAYQ0K\n"),
                row(
                        "what is no text",
                        "Content-Type: image/png\nContent-Transfer-Encoding: binary\n\nabc\u00FF\n",
                        "Content-Type: image/png\n" + BASE64 + "\nYWJj/w0K\n"),
                row(
                        "Content-Type that cannot be read",
                        "Content-Type: garbage\n\n" + LATIN1 + "\n",
                        "Content-Type: garbage\n" + QUOTED + "\n" + LATIN1_QP + "\n"),
                row(
                        "blanks at line ends, equals signs, controls",
                        "\na =\u00E4\t\nb \n" + "plenty of plain text to stay readable ".repeat(2) + "\u0001\n",
                        QUOTED + "\na =3D=E4=09\nb=20\n"
                                + "plenty of plain text to stay readable plenty of plain text to stay readable=\n =01\n"),
                row(
                        "parts: only the one that needs it, and nothing around it",
                        "Content-Type: multipart/mixed; boundary=\"b 1\"\n\npreamble\n--b 1\n\nplain\n--b 1 \t\n"
                                + "Content-Type: text/plain\n\n" + LATIN1 + "\n\n--b 1\n\n--b 1--\nepilogue\n",
                        "Content-Type: multipart/mixed; boundary=\"b 1\"\n\npreamble\n--b 1\n\nplain\n--b 1 \t\n"
                                + "Content-Type: text/plain\n" + QUOTED + "\n"
                                + LATIN1_QP + "\n\n--b 1\n\n--b 1--\nepilogue\n"),
                row(
                        "part without a header; multipart with a label",
                        "Content-Type: multipart/mixed; boundary=b\n" + EIGHT_BIT + "\n--b\n\n" + LATIN1 + "\n--b--\n",
                        "Content-Type: multipart/mixed; boundary=b\n" + SEVEN_BIT + "\n--b\n" + QUOTED + "\n"
                                + LATIN1_QP + "\n--b--\n"),
                row(
                        "base64 in a part takes no line end from the delimiter",
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n\n\u00FF\n--b--\n",
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n" + BASE64
                                + "\n/w==\n--b--\n"),
                row(
                        "blank at the end of a part",
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n" + LATIN1 + " \n--b--\n",
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\n" + QUOTED + "\n" + LATIN1_QP
                                + "=20\n--b--\n"),
                row(
                        "nested, the inner boundary beginning like the outer one; no closing delimiter",
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
                                + "Content-Type: multipart/alternative; boundary=bb\n\n--bb\n\n" + LATIN1
                                + "\n--bb--\n--b\n\n" + LATIN1 + "\n",
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\n"
                                + "Content-Type: multipart/alternative; boundary=bb\n\n--bb\n"
                                + QUOTED + "\n" + LATIN1_QP + "\n--bb--\n--b\n"
                                + QUOTED + "\n" + LATIN1_QP + "\n"),
                row(
                        "message in a message; its other fields stay",
                        "Content-Type: message/rfc822; boundary=no\n" + EIGHT_BIT + "\n" + "Subject:  odd\n\tfold \n\n"
                                + LATIN1 + "\n",
                        "Content-Type: message/rfc822; boundary=no\n" + SEVEN_BIT + "\n"
                                + "Subject:  odd\n\tfold \n" + QUOTED + "\n" + LATIN1_QP
                                + "\n"),
                row(
                        "part of a digest is a message",
                        "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n\n" + LATIN1 + "\n--b--\n",
                        "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n" + QUOTED + "\n" + LATIN1_QP
                                + "\n--b--\n"),
                row(
                        "inner label 8bit on ASCII",
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\n" + EIGHT_BIT + "\nx\n--b--\n",
                        "Content-Type: multipart/mixed; boundary=b\n\n--b\n" + SEVEN_BIT + "\nx\n--b--\n"),
                row(
                        "signed part of 7-bit data: only its own label",
                        "Content-Type: multipart/signed; boundary=b\n" + EIGHT_BIT + "\n--b\n\nx\n--b--\n",
                        "Content-Type: multipart/signed; boundary=b\n" + SEVEN_BIT + "\n--b\n\nx\n--b--\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversions")
    void is_converted(String what, String message, String expected) {
        Converted converted = Converted.of(message);

        assertThat(converted.message).isEqualTo(expected);
        assertThat(converted.leftovers).isEmpty();
        assertThat(Converted.of(converted.message).message).as("once more").isEqualTo(expected);
    }

    static Stream<Arguments> obstacles() {
        return Stream.of(
                row(
                        "Content-Type: multipart/signed; boundary=b\n\n--b\n\n" + LATIN1 + "\n--b--\n",
                        "a multipart/signed part"),
                row("Content-Type: multipart/mixed\n\n--b\n\n" + LATIN1 + "\n--b--\n", "a multipart/mixed part"),
                row(QUOTED + "\n" + LATIN1 + "\n", "a text/plain part that has an encoding already"),
                row("Content-Type: message/global\n\nSubject: \u00E4\n\nx\n", "a message/global part"),
                row("Content-Type: message/partial\n\n" + LATIN1 + "\n", "a message/partial part"),
                row(
                        "Content-Type: multipart/mixed; boundary=b\n\n\u00E4\n--b\n\nx\n--b--\n",
                        "text outside the parts of a multipart/mixed part"),
                row("Content-Type: text/h\u0007ml\nSubject: \u00E4\n\nx\n", "the header of a text/h?ml part"),
                row(nested(30, LATIN1), "a multipart/mixed part"));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("obstacles")
    void what_may_not_be_touched_is_told_and_stays(String message, String leftover) {
        Converted converted = Converted.of(message);

        assertThat(converted.message).isEqualTo(message);
        assertThat(converted.leftovers).containsExactly(leftover);
    }

    /** James encodes a whole multipart in base64 that is labelled so, and nobody can read it any more. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/mixed; boundary=b\nCTE\n\n--b\nContent-Type: text/plain; name=\u00E4\n\nx\n--b--\n",
                "multipart/mixed; boundary=b\nCTE\n\nGr\u00FC\u00DFe\n--b\n\nx\n--b--\n",
                "multipart/mixed; boundary=b\nCTE\n\n--b\n\nx\n--b--\nGr\u00FC\u00DFe\n",
                "multipart/signed; boundary=b\nCTE\n\n--b\n\nGr\u00FC\u00DFe\n--b--\n",
                "multipart/mixed\nCTE\n\n--b\n\nGr\u00FC\u00DFe\n--b--\n",
                "message/global\nCTE\n\nSubject: \u00E4\n\nx\n",
                "message/rfc822\nCTE\n\nSubject: \u00E4\n\nx\n"
            })
    void the_label_goes_from_the_top_even_where_something_wide_is_left(String content) {
        for (String label : List.of(EIGHT_BIT, "Content-Transfer-Encoding: binary\n")) {
            Converted converted = Converted.of("Content-Type: " + content.replace("CTE\n", label));

            assertThat(converted.message).isEqualTo("Content-Type: " + content.replace("CTE\n", SEVEN_BIT));
            assertThat(converted.leftovers).hasSize(1);
        }
    }

    @Test
    void the_label_stays_below_the_top_where_something_wide_is_left() {
        String signed = "Content-Type: multipart/signed; boundary=s\n\n--s\n\n" + LATIN1 + "\n--s--";
        String middle = "Content-Type: multipart/mixed; boundary=b\n" + EIGHT_BIT + "\n--b\n" + signed;
        String message = "Content-Type: multipart/mixed; boundary=t\n" + EIGHT_BIT + "\n--t\n" + middle + "\n--b\n\n"
                + LATIN1 + "\n--b--\n--t--\n";

        Converted converted = Converted.of(message);

        assertThat(converted.message)
                .isEqualTo("Content-Type: multipart/mixed; boundary=t\n" + SEVEN_BIT + "\n--t\n" + middle + "\n--b\n"
                        + QUOTED + "\n" + LATIN1_QP + "\n--b--\n--t--\n");
        assertThat(converted.leftovers).containsExactly("a multipart/signed part");
    }

    @Test
    void lines_get_no_longer_than_the_rfcs_allow() {
        String line = "x".repeat(999);

        Converted converted = Converted.of("\n" + line + "\n" + "y".repeat(76) + "\n");

        assertThat(converted.message).startsWith(QUOTED + "\nxxx");
        assertThat(converted.message.lines()).allMatch(encoded -> encoded.length() <= 76);
        assertThat(Converted.of("\n" + "x".repeat(998) + "\n").message).isEqualTo("\n" + "x".repeat(998) + "\n");
    }

    /** All but the digest, whose parts jakarta.mail takes for text, whatever RFC 2046 section 5.1.5 says. */
    static Stream<Arguments> conversionsThatAnotherReaderUnderstands() {
        return conversions().filter(row -> !row.get()[1].toString().startsWith("Content-Type: multipart/digest"));
    }

    /** Another reader of MIME has to find the same octets in every leaf. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("conversionsThatAnotherReaderUnderstands")
    void another_reader_finds_the_same_content(String what, String message, String expected) throws Exception {
        assertThat(leaves(expected)).isEqualTo(leaves(message));
    }

    @Test
    void time_and_memory_are_linear() {
        String many = "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\n\u00E4\n".repeat(50_000) + "--b--\n";

        assertThat(Converted.of(many).leftovers).isEmpty();
        assertThat(Converted.of(nested(2_000, "\u00E4")).leftovers).hasSize(1);
    }

    @Test
    void any_mixture_of_pieces_is_converted_once_and_for_all() {
        List<String> pieces = List.of(
                "\n",
                "\n\n",
                "--b\n",
                "--b--\n",
                "--bb\n",
                "--b",
                "Content-Type: multipart/mixed; boundary=b\n",
                "Content-Type: multipart/mixed; boundary=\"b\n b\"\n",
                "Content-Type: multipart/signed; boundary=b\n",
                "Content-Type: message/rfc822\n",
                "Content-Type: image/png (\n",
                EIGHT_BIT,
                QUOTED,
                "Content-Transfer-Encoding\n",
                "\u00E4 = ",
                "text ",
                "\0",
                "x".repeat(1000));
        Random random = new Random(20);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder message = new StringBuilder();
            for (int piece = random.nextInt(30); piece >= 0; piece--) {
                message.append(pieces.get(random.nextInt(pieces.size())));
            }
            Converted once = Converted.of(message.toString());
            Converted twice = Converted.of(once.message);

            assertThat(twice.message).as("from %s", message).isEqualTo(once.message);
            assertThat(twice.leftovers).as("from %s", message).isEqualTo(once.leftovers);
            if (once.leftovers.isEmpty()) {
                assertThat(once.message.chars()).as("from %s", message).allMatch(c -> c > 0 && c < 128);
            }
        }
    }

    private static String nested(int depth, String text) {
        StringBuilder message = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            message.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\n\n--b")
                    .append(i)
                    .append('\n');
        }
        return message.append("\n").append(text).append("\n").toString();
    }

    private static List<String> leaves(String message) throws Exception {
        byte[] octets = message.replace("\n", "\r\n").getBytes(ISO_8859_1);
        List<String> leaves = new ArrayList<>();
        collect(new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(octets)), leaves);
        return leaves;
    }

    private static void collect(Part part, List<String> leaves) throws Exception {
        if (part.isMimeType("multipart/*")) {
            MimeMultipart multipart = (MimeMultipart) part.getContent();
            for (int i = 0; i < multipart.getCount(); i++) {
                BodyPart inner = multipart.getBodyPart(i);
                collect(inner, leaves);
            }
        } else if (part.isMimeType("message/rfc822")) {
            collect((Part) part.getContent(), leaves);
        } else {
            leaves.add(new String(part.getInputStream().readAllBytes(), ISO_8859_1));
        }
    }

    private static Arguments row(Object... cells) {
        return Arguments.of(cells);
    }

    private record Converted(String message, List<String> leftovers) {
        static Converted of(String message) {
            byte[] octets = message.replace("\n", "\r\n").getBytes(ISO_8859_1);
            Edits edits = new Edits(octets);
            List<String> leftovers = SevenBitConversion.convert(octets, Entity.of(octets, 0, octets.length), edits);
            return new Converted(new String(edits.apply(), ISO_8859_1).replace("\r\n", "\n"), leftovers);
        }
    }
}
