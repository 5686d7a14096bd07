package org.dkimproxy.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of parameters in the guide has what the mailet has. */
class GuideParametersTest {
    private static final Path GUIDE = Path.of("../../james-conf/README.md");
    private static final Pattern SECTION = Pattern.compile("(?ms)^### Parameters$(.*?)^##");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| `([^`]+)` \\| .* \\|$");

    @Test
    void the_guide_has_each_parameter_in_both_spellings() throws IOException {
        Matcher section = SECTION.matcher(Files.readString(GUIDE, StandardCharsets.UTF_8));
        assertThat(section.find()).isTrue();

        Map<String, String> documented = ROW.matcher(section.group(1))
                .results()
                .collect(Collectors.toMap(row -> row.group(2), row -> row.group(1)));

        assertThat(documented).containsExactlyInAnyOrderEntriesOf(MailetParameters.CAMEL_CASE);
    }
}
