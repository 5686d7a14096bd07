package org.dkimproxy.sendermap.conf;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Set;
import org.dkimproxy.sendermap.dkim.SignatureSpecifications;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfFileTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            delimiter = '|',
            value = {
                // line | name | value | column of the value
                "name value | name | value | 6",
                "name=value | name | value | 6",
                "name:value | name | value | 6",
                "name = value | name | value | 8",
                "'name\t:\tvalue' | name | value | 8",
                "'  --name   value  ' | name | value | 12",
                "name == value | name | = value | 7",
                "name a=b:c d | name | a=b:c d | 6",
                "name a b # comment | name | a b | 6",
                "name a\\#b#c | name | a#b | 6",
                "name \\# | name | # | 6",
                "name \\\\#x | name | \\#x | 6",
                "name a%20b%23c%25 | name | a b#c% | 6",
                "name %C3%BC%fc%FC | name | \u00C3\u00BC\u00FC\u00FC | 6",
                "name %C3%BC | name | \u00FC | 6",
                "name %zz%4 | name | %zz%4 | 6",
                "name %2541 | name | %41 | 6",
                "name ::1 | name | ::1 | 6",
                "name::1 | name | :1 | 6",
                "name =::1 | name | ::1 | 7",
                "name \"a b\" | name | \"a b\" | 6",
                "name it's | name | it's | 6",
                "name a\\ | name | a\\ | 6",
                "--Reject-Error | reject_error | 1 | 3",
                "reject_error | reject_error | 1 | 1",
                "MIN-servers=2 | min_servers | 2 | 13",
                "b\u00FCcher x\u00FC | b\u00FCcher | x\u00FC | 8",
            })
    void a_line_is_an_option(String line, String name, String value, int column) {
        ConfOption option = options(line).getFirst();

        assertThat(option.name()).isEqualTo(name);
        assertThat(option.value().text()).isEqualTo(value);
        assertThat(option.value().position()).isEqualTo(new Position("conf", 1, column));
        assertThat(option.value().lineText()).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({"''", "'   '", "'\t'", "# x", "'   # x'", "#", "= 5", "'--'", "name =", "'name:   # x'"})
    void a_line_without_an_option_gives_none(String line) {
        assertThat(options(line)).isEmpty();
    }

    @Test
    void options_come_in_the_order_of_their_lines_whatever_the_line_ends() {
        assertThat(options("\uFEFFa 1\r\n\r\n\nb 2 \r\na 3\r"))
                .extracting(
                        ConfOption::name,
                        option -> option.value().text(),
                        option -> option.value().position().line())
                .containsExactly(tuple("a", "1", 1), tuple("b", "2", 4), tuple("a", "3", 5));
    }

    @Test
    void a_line_that_is_not_utf_8_is_read_as_iso_8859_1() {
        assertThat(ConfFile.parse("conf", "name \u00FC".getBytes(ISO_8859_1), Set.of("name"))
                        .value()
                        .getFirst()
                        .value()
                        .text())
                .isEqualTo("\u00FC");
    }

    @Test
    void a_problem_within_a_decoded_value_shows_its_place_in_the_line() {
        SourceText value = options("signature  dkim(key=/a%20b\\#%C3%BC,c=wrong) # x")
                .getFirst()
                .value();

        assertThat(SignatureSpecifications.parse(value).problems())
                .singleElement()
                .hasToString("""
                        conf:1:38: error: found method "wrong", expected "relaxed", "simple" or "nowsp", or two of them as in "relaxed/simple"
                            signature  dkim(key=/a%20b\\#%C3%BC,c=wrong) # x
                                                                 ^""");
    }

    @Test
    void an_unknown_option_is_in_the_result_all_the_same() {
        Parsed<List<ConfOption>> checked = ConfFile.parse("conf", "Selektor x".getBytes(UTF_8), Set.of("selector"));

        assertThat(checked.value()).extracting(ConfOption::name).containsExactly("selektor");
        assertThat(checked.problems())
                .extracting(Problem::summary)
                .containsExactly("conf:1:1: warning: found option \"Selektor\", expected \"selector\"");
    }

    @ParameterizedTest
    @CsvSource({"--Reject-Error,reject_error", "reject_error,reject_error", "-x,_x", "'',''", "--,''"})
    void names_have_one_canonical_form(String written, String name) {
        assertThat(ConfFile.canonicalName(written)).isEqualTo(name);
    }

    private static List<ConfOption> options(String text) {
        return ConfFile.parse("conf", text.getBytes(UTF_8), Set.of()).value();
    }
}
