package org.dkimproxy.signing.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.dkimproxy.signing.message.HeaderCollector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6376 sections 3.4.1 and 3.4.2, RFC 4870 section 3.4.2. */
class HeaderCanonicalizerTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // RFC 6376 section 3.4.5
                "A: X                       | a:X     | a:X     | A:X",
                "B : Y\\t\\r\\n\\tZ\\s\\s   | b:Y Z   | b:YZ    | B:YZ",
                "X:                         | x:      | x:      | X:",
                "X:\\s                      | x:      | x:      | X:",
                "X:\\t\\r\\n\\s\\t          | x:      | x:      | X:",
                "X:\\r\\n\\sa               | x:a     | x:a     | X:a",
                "X: a\\r\\n\\sb             | x:a b   | x:ab    | X:ab",
                "X: a\\s\\r\\n\\s\\t\\r\\n\\sb | x:a b | x:ab   | X:ab",
                "X: a\\s\\s\\tb             | x:a b   | x:ab    | X:ab",
                "X:a:b                      | x:a:b   | x:a:b   | X:a:b",
                "SuBJect\\t\\s: AbC         | subject:AbC | subject:AbC | SuBJect:AbC",
                "X: \u00e9\u00a0\u0080      | x:\u00e9\u00a0\u0080 | x:\u00e9\u00a0\u0080 | X:\u00e9\u00a0\u0080",
                "X: a\\u000bb               | x:a\\u000bb | x:a\\u000bb | X:a\\u000bb",
                // a compat signer meets stray line ends: they count as nothing
                "X: a\\rb                   | x:ab    | x:ab    | X:ab",
                "X: a\\s\\nb                | x:a b   | x:ab    | X:ab",
            })
    void a_field_in_each_form(String field, String relaxed, String nowsp, String nofws) {
        String raw = unescaped(field);
        assertThat(canonical(HeaderCanonicalizer.SIMPLE, raw)).as("simple").isEqualTo(raw);
        assertThat(canonical(HeaderCanonicalizer.RELAXED, raw)).as("relaxed").isEqualTo(unescaped(relaxed));
        assertThat(canonical(HeaderCanonicalizer.NOWSP, raw)).as("nowsp").isEqualTo(unescaped(nowsp));
        assertThat(canonical(HeaderCanonicalizer.NOFWS, raw)).as("nofws").isEqualTo(unescaped(nofws));
    }

    @Test
    void a_megabyte_of_blanks_and_text_by_turns_is_written_whole() {
        String canonical = canonical(HeaderCanonicalizer.RELAXED, "X:" + " \tx".repeat(350_000));
        assertThat(canonical).hasSize(2 + 2 * 350_000 - 1).startsWith("x:x x").endsWith(" x");
    }

    private static String canonical(HeaderCanonicalizer canonicalizer, String field) {
        byte[] octets = ("Before: 1\r\n" + field + "\r\nAfter: 2\r\n\r\n").getBytes(ISO_8859_1);
        HeaderCollector collector = new HeaderCollector(octets.length);
        collector.update(octets, 0, octets.length);
        OctetBuffer out = new OctetBuffer();
        canonicalizer.write(collector.fields().inOrder().get(1), out);
        return new String(out.array(), 0, out.size(), ISO_8859_1);
    }

    /** The escapes of a Java string, {@code \s} for a blank among them; no form but simple begins or ends in a real one. */
    private static String unescaped(String text) {
        return text.replaceAll("\\\\u000b", "\u000b").translateEscapes();
    }
}
