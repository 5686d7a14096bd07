package org.dkimproxy.standalone.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.SigningTransaction;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.signing.config.SigningOptions;
import org.dkimproxy.standalone.config.BareNewline;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole sessions with the real signer, cut at every place. */
@Timeout(120)
class DirectSessionTest {
    private static final String ENVELOPE = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\n";
    private static final String SECOND = "MAIL FROM:<forged@example.org>\r\n";

    private static Supplier<SigningTransaction> signer;

    @BeforeAll
    static void makeSigner(@TempDir Path folder) throws Exception {
        Path key = PrivateKeys.writeNewRsa(folder.resolve("key.pem"));
        // without a time in it the same message has the same signature
        String conf = "domain example.org\nselector s\nsignature dkim(t=off)\nkeyfile " + key + "\n";
        Parsed<List<ConfOption>> options = ConfFile.parse(
                "conf",
                conf.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                OptionTable.of(SigningOptions.GROUP).names());
        Parsed<Optional<DkimSigner>> made = DkimSigner.create(
                SigningOptions.read(options.value(), FileSource.PLAIN).value());
        signer = made.value().orElseThrow(() -> new AssertionError(made.problems()))::begin;
    }

    @Test
    void the_same_leaves_however_the_client_cuts_its_input() {
        String said = "EHLO a\r\n" + ENVELOPE + "DATA\r\nFrom: a@example.org\r\n\r\n..\r\nbody\r\n.\r\n" + ENVELOPE
                + "DATA\r\n.\r\nQUIT\r\n";
        DirectSession session = new DirectSession(BareNewline.NORMALIZE, signer);
        DirectSession.Result whole = session.run(said, 0);

        assertThat(whole.relay().messages()).hasSize(2);
        assertThat(whole.relay().messages().getFirst())
                .startsWith("DKIM-Signature: v=1;")
                .endsWith("\r\nFrom: a@example.org\r\n\r\n..\r\nbody\r\n");
        assertThat(whole.relay().messages().getLast()).isEmpty();
        assertThat(whole.client().heard()).endsWith("354 go\r\n250 accepted 2\r\n221 bye\r\n");
        for (int cut = 1; cut < said.length(); cut++) {
            assertSame(session.run(said, cut), whole);
        }
        assertSame(session.runOctetByOctet(said), whole);
    }

    /** What attackers put between two messages, in the hope that the next server takes it for an end of data. */
    static Stream<String> falseEnds() {
        return Stream.of(
                "\n.\n",
                "\r.\r",
                "\r.\n",
                "\n.\r",
                "\n.\r\n",
                "\r\n.\n",
                "\r.\r\n",
                "\r\n.\r",
                "\r\n\0.\r\n",
                "\r\n.\0\r\n",
                "\r\n.\r\r\n",
                "\r\r\n.\r\r\n");
    }

    @ParameterizedTest
    @MethodSource("falseEnds")
    void nothing_behind_false_end_is_ever_a_command(String falseEnd) {
        String said = ENVELOPE + "DATA\r\nFrom: a@example.org\r\n\r\nbody" + falseEnd + SECOND
                + "RCPT TO:<victim@example.org>\r\nDATA\r\nFrom: forged@example.org\r\n\r\nforged\r\n.\r\nQUIT\r\n";
        for (BareNewline mode : BareNewline.values()) {
            DirectSession session = new DirectSession(mode, signer);
            for (int cut = 0; cut < said.length(); cut++) {
                assertOneMessageAtMost(session.run(said, cut), mode);
            }
            assertOneMessageAtMost(session.runOctetByOctet(said), mode);
        }
    }

    @ParameterizedTest
    @EnumSource(BareNewline.class)
    void false_end_right_after_data_is_none(BareNewline mode) {
        for (String falseEnd : List.of(".\n", ".\r", "\0.\r\n", ".\0\r\n", ".\r\r\n", "\n.\r\n", "\r.\r\n")) {
            String said = ENVELOPE + "DATA\r\n" + falseEnd + SECOND + "\r\n.\r\nQUIT\r\n";
            for (int cut = 0; cut < said.length(); cut++) {
                assertOneMessageAtMost(new DirectSession(mode, signer).run(said, cut), mode);
            }
        }
    }

    private static void assertOneMessageAtMost(DirectSession.Result result, BareNewline mode) {
        assertThat(result.relay().commands())
                .filteredOn(command -> !command.equals("QUIT"))
                .containsExactly("MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>", "DATA");
        assertThat(result.relay().heard().replace("\r\n", "")).doesNotContain("\r", "\n", "\0");
        boolean accepted = result.client().heard().contains("250 accepted 1\r\n");
        assertThat(result.relay().messages()).hasSize(accepted ? 1 : 0);
        assertThat(result.client().heard()).containsAnyOf("250 accepted 1\r\n", "\r\n550 5.");
        if (mode == BareNewline.REJECT) {
            assertThat(accepted).isFalse();
        }
    }

    private static void assertSame(DirectSession.Result result, DirectSession.Result expected) {
        assertThat(result.relay().heard()).isEqualTo(expected.relay().heard());
        assertThat(result.client().heard()).isEqualTo(expected.client().heard());
        assertThat(result.relay().isClosed()).isTrue();
    }
}
