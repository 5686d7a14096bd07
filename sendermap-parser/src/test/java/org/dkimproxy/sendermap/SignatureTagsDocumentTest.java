package org.dkimproxy.sendermap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.dkimproxy.sendermap.dkim.MacroTemplate;
import org.dkimproxy.sendermap.dkim.Parameter;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.junit.jupiter.api.Test;

/** The tables of tags and macros in {@code docs/configure.md} are what the parser knows. */
class SignatureTagsDocumentTest {
    private static List<String> firstColumn(String heading) throws IOException {
        String table = Files.readString(Path.of("../docs/configure.md"), StandardCharsets.UTF_8)
                .split("\n\\| " + heading + " \\|", 2)[1]
                .split("\n\n", 2)[0];
        return Pattern.compile("(?m)^\\| `([^`]+)` \\|")
                .matcher(table)
                .results()
                .map(row -> row.group(1))
                .toList();
    }

    @Test
    void every_tag_of_a_signature() throws IOException {
        List<String> tags = firstColumn("tag");

        assertThat(tags.stream().map(Parameter::named))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Parameter.values()).map(Optional::of).toList());
    }

    /** An error about an unknown macro names all that there are. */
    @Test
    void every_macro() throws IOException {
        Problem unknown = MacroTemplate.parse(SourceText.of("test", "$qqqqqqqqqqqqqqqq"))
                .problems()
                .getFirst();

        assertThat("one of " + String.join(", ", firstColumn("macro"))).isEqualTo(unknown.expected());
    }
}
