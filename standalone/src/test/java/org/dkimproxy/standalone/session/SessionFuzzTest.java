package org.dkimproxy.standalone.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.SigningTransaction;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.signing.config.SigningOptions;
import org.dkimproxy.standalone.config.BareNewline;
import org.dkimproxy.standalone.smtp.ReferenceData;
import org.dkimproxy.standalone.smtp.ReferenceReply;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole sessions between a client and a relay that both say anything, with the real signer. The input is what the client
 * says, and after the first octet 1 the answers of the relay, with an octet 1 between them; an octet 2 last lets the
 * relay hang up where it would be silent.
 */
class SessionFuzzTest {
    private static final Pattern SIGNED = Pattern.compile("DKIM-Signature: [^\r\n]+(\r\n[ \t][^\r\n]+)*\r\n");

    private static Supplier<SigningTransaction> signer;

    @BeforeAll
    static void makeSigner(@TempDir Path folder) throws Exception {
        Path key = PrivateKeys.writeNewEd25519(folder.resolve("key.pem"));
        // without a time in it the same message has the same signature
        String conf = "domain example.org\nselector s\nsignature dkim(t=off,a=ed25519-sha256)\nkeyfile " + key + "\n";
        var options = ConfFile.parse(
                "conf",
                conf.getBytes(StandardCharsets.UTF_8),
                OptionTable.of(SigningOptions.GROUP).names());
        var made = DkimSigner.create(
                SigningOptions.read(options.value(), FileSource.PLAIN).value());
        signer = made.value().orElseThrow(() -> new AssertionError(made.problems()))::begin;
    }

    @FuzzTest(maxDuration = "4s")
    @DictionaryEntries({
        "EHLO a\\x0d\\x0a",
        "MAIL FROM:<a@example.org>\\x0d\\x0a",
        "RCPT TO:<b@example.org>\\x0d\\x0a",
        "DATA\\x0d\\x0a",
        "\\x0d\\x0a.\\x0d\\x0a",
        "QUIT\\x0d\\x0a",
        "AUTH PLAIN\\x0d\\x0a",
        "XCLIENT\\x0d\\x0a",
        "BDAT 1\\x0d\\x0a",
        "RSET\\x0d\\x0a",
        "From: a@example.org\\x0d\\x0a\\x0d\\x0a",
        "\\x01",
        "\\x01354 go\\x0d\\x0a",
        "\\x01421 x\\x0d\\x0a",
        "\\x01334 x\\x0d\\x0a",
        "\\x01250-a\\x0d\\x0a250 SIZE 9\\x0d\\x0a",
        "\\x01550 no\\x0d\\x0a",
        "\\x01220 x\\x0d\\x0a",
        "\\x0a.\\x0a",
        "\\x02"
    })
    void ledgers_of_both_sides_agree(byte[] input) {
        Script script = Script.of(input);
        for (BareNewline mode : BareNewline.values()) {
            DirectSession session = new DirectSession(mode, signer);
            MemoryRelay relay = script.relay();
            DirectSession.Heard heard = session.run(List.of(script.client.getBytes(ISO_8859_1)), relay);

            assertThat(heard.log()).noneMatch(line -> line.contains("fault of this program"));
            assertThat(relay.heard().replace("\r\n", "")).doesNotContain("\r", "\n", "\0");
            assertThat(heard.client().replace("\r\n", "")).doesNotContain("\r", "\n", "\0");
            assertLedgersAgree(Ledger.of(script.client, heard.client()), relay, mode);

            MemoryRelay again = script.relay();
            DirectSession.Heard cut = session.run(script.pieces(Arrays.hashCode(input)), again);
            assertThat(again.heard()).isEqualTo(relay.heard());
            assertThat(cut.client()).isEqualTo(heard.client());
        }
    }

    private static void assertLedgersAgree(Ledger client, MemoryRelay relay, BareNewline mode) {
        assertThat(relay.messages().size()).isLessThanOrEqualTo(client.transfers);
        assertThat(client.acknowledgements).isEqualTo(relay.acknowledgements());
        if (!relay.commands().isEmpty()) {
            assertThat(client.lines).containsSubsequence(relay.commands());
        }
        for (int i = 0; i < client.acknowledged.size(); i++) {
            ReferenceData sent = client.acknowledged.get(i);
            String stuffed =
                    ("\r\n" + sent.message()).replace("\r\n.", "\r\n..").substring(2);
            String taken = relay.accepted().get(i);
            assertThat(taken).endsWith(stuffed);
            String added = taken.substring(0, taken.length() - stuffed.length());
            assertThat(added)
                    .matches(text -> text.isEmpty() || SIGNED.matcher(text).matches());
            assertThat(sent.nul()).isFalse();
            assertThat(sent.bareNewline() && mode == BareNewline.REJECT).isFalse();
        }
    }

    /** What client and relay say. */
    private record Script(String client, List<String> relayParts, boolean relayHangsUp) {
        static Script of(byte[] input) {
            String text = new String(input, ISO_8859_1);
            boolean hangsUp = text.endsWith("\2");
            List<String> parts = List.of((hangsUp ? text.substring(0, text.length() - 1) : text).split("\1", -1));
            return new Script(parts.getFirst(), parts.subList(1, parts.size()), hangsUp);
        }

        MemoryRelay relay() {
            return new MemoryRelay(relayParts, relayHangsUp);
        }

        List<byte[]> pieces(int seed) {
            Random random = new Random(seed);
            List<byte[]> pieces = new ArrayList<>();
            for (int at = 0; at < client.length(); ) {
                int cut = at + 1 + random.nextInt(Math.min(client.length() - at, 1 << random.nextInt(9)));
                pieces.add(client.substring(at, cut).getBytes(ISO_8859_1));
                at = cut;
            }
            return pieces;
        }
    }

    /**
     * What the client knows of its session: the replies it heard are laid beside what it said, one a line or message.
     *
     * @param lines the lines that were answered
     * @param transfers how often it heard a 354
     * @param acknowledged the messages to whose end of data it heard a 2xx
     * @param acknowledgements those replies
     */
    private record Ledger(
            List<String> lines, int transfers, List<ReferenceData> acknowledged, List<String> acknowledgements) {
        static Ledger of(String said, String heard) {
            List<ReferenceReply> replies = replies(heard);
            List<String> lines = new ArrayList<>();
            List<ReferenceData> acknowledged = new ArrayList<>();
            List<String> acknowledgements = new ArrayList<>();
            int transfers = 0;
            int at = 0;
            for (int i = 1; i < replies.size() && said.indexOf("\r\n", at) >= 0; i++) {
                int end = said.indexOf("\r\n", at);
                lines.add(said.substring(at, end));
                at = end + 2;
                if (replies.get(i).code() == 354) {
                    transfers++;
                    i++;
                    Optional<ReferenceData> message = ReferenceData.of(said, at);
                    if (message.isEmpty() || i == replies.size()) {
                        break;
                    }
                    at = message.get().end();
                    if (replies.get(i).code() < 300) {
                        acknowledged.add(message.get());
                        acknowledgements.add(replies.get(i).text());
                    }
                }
            }
            return new Ledger(lines, transfers, acknowledged, acknowledgements);
        }

        /** All that was heard is replies, or the assertion fails. */
        private static List<ReferenceReply> replies(String heard) {
            List<ReferenceReply> replies = new ArrayList<>();
            for (int at = 0; at < heard.length(); at += replies.getLast().text().length()) {
                Optional<ReferenceReply> reply = ReferenceReply.of(heard, at);
                assertThat(reply).as(heard.substring(at)).isPresent();
                replies.add(reply.get());
            }
            return replies;
        }
    }
}
