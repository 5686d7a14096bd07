package org.dkimproxy.standalone.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a relay says, of any octets: a reply where the reference sees one, a refusal else; and what EHLO lets through. */
class ReplyFuzzTest {
    private static final Set<String> PASSED = Set.of(
            "8BITMIME",
            "SMTPUTF8",
            "DSN",
            "ENHANCEDSTATUSCODES",
            "DELIVERBY",
            "FUTURERELEASE",
            "MT-PRIORITY",
            "VRFY",
            "EXPN",
            "HELP",
            "ETRN",
            "XVERP",
            "LIMITS",
            "SIZE",
            "PIPELINING",
            "AUTH",
            "XCLIENT",
            "XFORWARD");
    private static final long OWN_LIMIT = 50_000;

    @FuzzTest(maxDuration = "3s")
    @DictionaryEntries({
        "250-",
        "250 ",
        "\\x0d\\x0a",
        "\\x0d\\x0a250-SIZE 1",
        "\\x0d\\x0a250 AUTH PLAIN",
        "STARTTLS",
        "CHUNKING",
        "8BITMIME"
    })
    void any_octets_are_reply_or_refused(byte[] octets) throws IOException {
        String wire = Wire.text(octets);
        Optional<ReferenceReply> expected = ReferenceReply.of(wire, 0).filter(ReferenceReply::isWithinBounds);

        Optional<Reply> read = read(Wire.input(wire));

        assertThat(read.map(reply -> Wire.text(reply.toBytes()))).isEqualTo(expected.map(ReferenceReply::text));
        assertThat(read(Wire.slowInput(wire))).isEqualTo(read);
        read.filter(Reply::isPositive).ifPresent(ReplyFuzzTest::assertFiltered);
    }

    private static Optional<Reply> read(WireInput input) throws IOException {
        try {
            return Optional.of(new ReplyReader(input).next());
        } catch (FramingException | java.io.EOFException refused) {
            return Optional.empty();
        }
    }

    private static void assertFiltered(Reply reply) {
        EhloFilter.Result result = new EhloFilter(OWN_LIMIT).apply(reply);
        List<String> said = reply.texts();
        List<String> kept = result.reply().texts();
        assertThat(result.reply().code()).isEqualTo(reply.code());
        assertThat(kept.getFirst()).isEqualTo(said.getFirst());
        for (String text : kept.subList(1, kept.size())) {
            assertThat(PASSED).contains(text.split("[ =]", 2)[0].toUpperCase(Locale.ROOT));
            if (text.startsWith("SIZE ")) {
                assertThat(Long.parseLong(text.substring(5))).isBetween(1L, OWN_LIMIT);
            } else {
                assertThat(said).contains(text);
            }
        }
        assertThat(ReferenceReply.of(Wire.text(result.reply().toBytes()), 0)).isPresent();
        assertThat(result.extensions().commandLimit()).isBetween(CommandReader.PLAIN_LIMIT, CommandReader.AUTH_LIMIT);
        assertThat(result.extensions().sizeLimit(OWN_LIMIT)).isBetween(1L, OWN_LIMIT);
    }
}
