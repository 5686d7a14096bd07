package org.dkimproxy.signing.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.Random;

/** Each body canonicalization of any octets, in any cut, against the plain reference. */
class BodyCanonicalizerFuzzTest {
    @FuzzTest(maxDuration = "3s")
    @DictionaryEntries({"\\x0d\\x0a", "\\x0d\\x0a\\x0d\\x0a", " \\x0d\\x0a", "\\x09", "\\x0d", "\\x0a"})
    void any_cut_gives_what_the_reference_gives(byte[] octets) {
        String body = new String(octets, ISO_8859_1);
        Random random = new Random(Arrays.hashCode(octets));
        for (BodyCanonicalizerTest.Kind kind : BodyCanonicalizerTest.Kind.values()) {
            String expected = kind.reference(body);
            assertThat(kind.of(body)).as("%s", kind).isEqualTo(expected);
            int[] cuts = random.ints(random.nextInt(8), 0, octets.length + 1)
                    .sorted()
                    .toArray();
            assertThat(kind.of(body, cuts)).as("%s cut at %s", kind, cuts).isEqualTo(expected);
        }
    }
}
