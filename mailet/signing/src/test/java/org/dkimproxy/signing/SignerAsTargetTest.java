package org.dkimproxy.signing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages made to get a header or a tag of their own past the signer, or to keep it busy. */
class SignerAsTargetTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Pattern TAG = Pattern.compile("[a-z]+=[!-:<-~ ]*");
    private static final String RULE = "domain=example.org\nselector=mail\nkeyfile=ed.pem\n";

    private static Workbench bench;

    @BeforeAll
    static void fill(@TempDir Path folder) {
        bench = new Workbench(folder);
    }

    /** Senders that hold what would end a tag, a field or a header, were it written as it is. */
    static Stream<String> injections() {
        return Stream.of(
                "\"a; d=evil.example\"@example.org",
                "\"a; l=0\"@example.org",
                "\"a\r\n b\"@example.org",
                "\"a\\\r\n\tX-Evil: 1\"@example.org",
                "\"a\\\"; b=\"@example.org",
                "\"$key$$key\"@example.org",
                "\"=3B l=3D0\"@example.org",
                "\"a\u0000b\"@example.org",
                "\"\u00c3\u00a4; x=1\"@example.org",
                "\"" + "x".repeat(60_000) + "\"@example.org",
                "a@example.org; d=evil.example",
                "a@\"example.org; l=0\"",
                "a@[example.org; l=0]",
                "a@example.org\r\n (; l=0)",
                "a@" + "x.".repeat(30_000) + "example.org",
                "a@sub\u3002example.org",
                "a@\u00e4\r\n.example.org");
    }

    @ParameterizedTest
    @MethodSource("injections")
    void no_sender_writes_a_tag_or_a_field_of_its_own(String from) {
        DkimSigner signer = bench.signer(RULE + "signature=dkim(i=$sender),dkim(d=$senderdomain),dkim(i=@$key)\n");
        for (String field : List.of("From: ", "Sender: ")) {
            String other = field.equals("Sender: ") ? "From: a@example.org\r\n" : "";
            SigningOutcome outcome = signer.sign((other + field + from + "\r\n\r\nbody\r\n").getBytes(ISO_8859_1));
            if (outcome instanceof SigningOutcome.Signed signed) {
                assertWellFormed(signed);
            }
            assertThat(outcome.message().attributes()).doesNotContain("\r", "\n", "\0");
        }
    }

    /** List-Id is written by whoever sends to a list, and chooses a line of the map by its name. */
    @ParameterizedTest
    @CsvSource({
        "<l.example.org; l=0>",
        "<evil.example>",
        "<l.example.org\r\n X-Evil: 1>",
        "<l.example.org> <other.example.org>"
    })
    void no_list_id_writes_a_tag_or_a_field_of_its_own(String listId) {
        bench.write("lists", ". dkim(d=example.org,i=@$key)\nl.example.org dkim(d=example.org,i=@$keydomain)\n");
        DkimSigner signer = bench.signer(RULE + "listid_map=lists\n");
        SigningOutcome outcome =
                signer.sign(("From: a@example.org\r\nList-Id: " + listId + "\r\n\r\nbody\r\n").getBytes(ISO_8859_1));
        if (outcome instanceof SigningOutcome.Signed signed) {
            assertWellFormed(signed);
        }
    }

    /** Only lines of the form {@code name=value}, each name once, only ours; and the text of a field has no stray line end. */
    private static void assertWellFormed(SigningOutcome.Signed signed) {
        for (SignatureField field : signed.fields()) {
            String text = field.text();
            assertThat(text).startsWith("DKIM-Signature: v=1; ");
            assertThat(text.replace("\r\n\t", "")).doesNotContain("\r", "\n", "\0");
            List<String> tags = Stream.of(text.replace("\r\n\t", "")
                            .substring("DKIM-Signature: ".length())
                            .split(";", -1))
                    .map(String::strip)
                    .toList();
            assertThat(tags).allMatch(tag -> TAG.matcher(tag).matches());
            List<String> names =
                    tags.stream().map(tag -> tag.substring(0, tag.indexOf('='))).toList();
            assertThat(names)
                    .doesNotHaveDuplicates()
                    .doesNotContain("l")
                    .isSubsetOf("v", "a", "c", "d", "h", "i", "s", "t", "bh", "b");
            assertThat(tags).anyMatch(tag -> tag.matches("d=([a-z0-9-]+\\.)*example\\.org"));
            assertThat(tags).noneMatch(tag -> tag.startsWith("i=") && !tag.matches("i=[^@]*(\"@|@).*example\\.org"));
        }
    }

    @Test
    void a_hundred_thousand_fields_are_signed_soon_and_more_are_not_signed() {
        DkimSigner signer = bench.signer(RULE);
        String from = "From: a@example.org\r\n";
        assertOutcome(signer, from + "X:1\r\n".repeat(99_999), "DKIM-v=1; ");
        assertOutcome(signer, from + "X:1\r\n".repeat(100_000), "PERMANENT: a header of over 100000 fields");
        assertOutcome(signer, from + "X\r\n".repeat(300_000), "PERMANENT: header line 2 is not a field");
    }

    @Test
    void ten_thousand_to_fields_are_too_many_to_sign_and_ten_thousand_addresses_are_not() {
        DkimSigner signer = bench.signer(RULE);
        String from = "From: a@example.org\r\n";
        assertOutcome(signer, from + "To: b@example.net\r\n".repeat(10_000), "PERMANENT: 10003 fields to sign");
        assertOutcome(signer, from + "To: b@example.net" + ",\r\n b@example.net".repeat(40_000) + "\r\n", "DKIM-v=1; ");
        assertOutcome(signer, "From: a@example.org" + ",\r\n a@example.org".repeat(40_000) + "\r\n", "DKIM-v=1; ");
    }

    @Test
    void a_header_of_fifty_megabytes_is_dropped_as_it_comes() {
        byte[] chunk = "X-Long: 0123456789\r\n".repeat(4096).getBytes(ISO_8859_1);
        SigningTransaction transaction = bench.signer(RULE).begin();
        long begun = System.nanoTime();
        transaction.update("From: a@example.org\r\n".getBytes(ISO_8859_1), 0, 21);
        for (int sent = 0; sent < 50_000_000; sent += chunk.length) {
            transaction.update(chunk, 0, chunk.length);
        }
        transaction.update("\r\nbody\r\n".getBytes(ISO_8859_1), 0, 8);
        SigningOutcome outcome = transaction.finish();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
        assertThat(Workbench.shown(outcome)).isEqualTo("PERMANENT: a header of over 1048576 octets");
    }

    @Test
    void nothing_of_a_header_is_held_once_it_has_ended_or_is_too_large() {
        SigningTransaction signed = bench.signer(RULE).begin();
        feed(signed, "From: a@example.org\r\nX-Long: " + "x".repeat(900_000) + "\r\n");
        assertThat(signed.heldOctets()).isBetween(900_000, 2_000_000);
        feed(signed, "\r\n");
        assertThat(signed.heldOctets()).isZero();
        assertThat(Workbench.shown(signed.finish())).startsWith("DKIM-v=1; ");

        SigningTransaction large = bench.signer(RULE).begin();
        feed(large, "From: a@example.org\r\nX-Long: " + "x".repeat(2_000_000));
        assertThat(large.heldOctets()).isZero();
    }

    @Test
    void names_that_a_sender_writes_are_remembered_as_far_as_they_can_be_honest() {
        DkimSigner signer = bench.signer(RULE);
        String longest = "a".repeat(900);
        assertOutcome(signer, "From: " + longest + "@example.org\r\n", "DKIM-v=1; ");
        String tooLong = longest.repeat(2) + "@example.org\r\n";
        assertThat(bench.signer(RULE)
                        .sign(("From: " + tooLong + "\r\n").getBytes(ISO_8859_1))
                        .message()
                        .from())
                .isEmpty();
        assertThat(bench.signer(RULE)
                        .sign(("From: a@example.org\r\nSender: " + tooLong + "\r\n").getBytes(ISO_8859_1))
                        .message()
                        .from())
                .contains("a@example.org");
        SigningOutcome outcome = signer.sign(
                ("From: a@example.org\r\nMessage-ID: <" + "i".repeat(500_000) + ">\r\n\r\n").getBytes(ISO_8859_1));
        assertThat(outcome.message().messageId().orElseThrow()).hasSize(998);
    }

    private static void feed(SigningTransaction transaction, String text) {
        byte[] octets = text.getBytes(ISO_8859_1);
        transaction.update(octets, 0, octets.length);
    }

    private static void assertOutcome(DkimSigner signer, String header, String shown) {
        byte[] message = (header + "\r\nbody\r\n").getBytes(ISO_8859_1);
        long begun = System.nanoTime();
        SigningOutcome outcome = signer.sign(message);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
        assertThat(Workbench.shown(outcome)).startsWith(shown);
    }
}
