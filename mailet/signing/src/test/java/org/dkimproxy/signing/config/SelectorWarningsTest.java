package org.dkimproxy.signing.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.FileSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorWarningsTest {
    @ParameterizedTest
    @CsvSource(
            value = {
                "selector x._domainkey             | 1:10 | x._domainkey             | '\"x\"'",
                "selector x.y._DomainKey.a.example | 1:10 | x.y._DomainKey.a.example | '\"x.y\"'",
                "selector _domainkey               | 1:10 | _domainkey               | the selector alone",
                "signature dkim(s=x._domainkey)    | 1:18 | x._domainkey             | '\"x\"'",
            },
            delimiter = '|')
    void selector_with_the_label_is_warned_about(String line, String place, String selector, String expected) {
        assertThat(warnings(line))
                .containsExactly("test.conf:" + place + ": warning: found selector \"" + selector
                        + "\", to which verifiers add ._domainkey once more, expected " + expected);
    }

    @Test
    void other_selectors_are_none() {
        assertThat(warnings("selector domainkey.x\nsignature dkim(s=x_domainkey),dkim"))
                .isEmpty();
    }

    private static List<String> warnings(String text) {
        List<ConfOption> options = ConfFile.parse(
                        "test.conf",
                        text.getBytes(StandardCharsets.UTF_8),
                        OptionTable.of(SigningOptions.GROUP).names())
                .value();
        return SelectorWarnings.of(
                        SigningOptions.read(options, FileSource.PLAIN).value())
                .stream()
                .map(Problem::summary)
                .toList();
    }
}
