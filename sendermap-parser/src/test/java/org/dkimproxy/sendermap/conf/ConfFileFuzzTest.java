package org.dkimproxy.sendermap.conf;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.dkimproxy.sendermap.FuzzedText;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Severity;

/** Any octets give options and problems whose places lie in the text; options written again read the same. */
class ConfFileFuzzTest {
    private static final Set<String> KNOWN = Set.of("listen", "relay", "reject_error", "signature", "keyfile");

    @FuzzTest(maxDuration = "3s")
    @DictionaryEntries({"--", "listen", "reject-error", "=", ":", "\\\\#", "#", "%25", "%C3%BC", "%FF", "\\x0d\\x0a"})
    void any_octets_are_read(byte[] content) {
        Parsed<List<ConfOption>> read = ConfFile.parse("conf", content, KNOWN);

        FuzzedText text = new FuzzedText("conf", content);
        text.assertHoldsPlaces(read.problems());
        assertThat(read.problems()).allMatch(problem -> problem.severity() == Severity.WARNING);
        StringBuilder printed = new StringBuilder();
        for (ConfOption option : read.value()) {
            text.assertHolds(option.written());
            assertThat(option.name())
                    .isEqualTo(ConfFile.canonicalName(option.written().text()));
            assertThat(option.value().text()).isNotEmpty();
            printed.append(print(option));
        }
        List<ConfOption> again = ConfFile.parse("conf", printed.toString().getBytes(UTF_8), KNOWN)
                .value();
        assertThat(again)
                .map(ConfOption::name)
                .isEqualTo(read.value().stream().map(ConfOption::name).toList());
        assertThat(again)
                .map(option -> option.value().text())
                .isEqualTo(read.value().stream()
                        .map(option -> option.value().text())
                        .toList());
    }

    private static String print(ConfOption option) {
        String value = HexFormat.ofDelimiter("%")
                .withPrefix("")
                .formatHex(option.value().text().getBytes(UTF_8));
        return "--" + option.written().text() + "=%" + value + "\n";
    }
}
