package org.dkimproxy.sendermap.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.sendermap.text.SourceText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MacroTemplateTest {
    private static final MacroTemplate.Values VALUES =
            values("bob+x@sub.example.org", "sub.example.org", "bob@example.org", "example.org");

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "example.org, example.org",
                "$sender, bob+x@sub.example.org",
                "$senderdomain, sub.example.org",
                "$key, bob@example.org",
                "$keydomain, example.org",
                "$$, $",
                "$$sender, $sender",
                "$$$sender, $bob+x@sub.example.org",
                "$$$$key, $$key",
                "a-$key-$keydomain-$key, a-bob@example.org-example.org-bob@example.org",
                "$keydomain.$senderdomain, example.org.sub.example.org",
                "$key1, bob@example.org1",
                "'', ''",
            })
    void each_macro_is_replaced_once(String template, String expanded) {
        assertThat(template(template).expand(VALUES)).contains(expanded);
    }

    @Test
    void what_a_macro_stands_for_is_not_expanded_again() {
        MacroTemplate.Values hostile = values("$key$$@x", "$keydomain", "$sender", "$$");

        assertThat(template("$sender|$senderdomain|$key|$keydomain").expand(hostile))
                .contains("$key$$@x|$keydomain|$sender|$$");
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "$$, $",
        "$key, .",
        "x$sender, ",
        "$senderdomain, ",
        "$key.$keydomain, ",
    })
    void a_value_is_not_known_when_one_of_its_macros_is_not(String template, String expanded) {
        MacroTemplate.Values onlyKey =
                new MacroTemplate.Values(Optional.empty(), Optional.empty(), Optional.of("."), Optional.empty());

        assertThat(template(template).expand(onlyKey)).isEqualTo(Optional.ofNullable(expanded));
    }

    private static MacroTemplate.Values values(String sender, String senderDomain, String key, String keyDomain) {
        return new MacroTemplate.Values(
                Optional.of(sender), Optional.of(senderDomain), Optional.of(key), Optional.of(keyDomain));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "$senderx, macro \"$senderx\", '\"$sender\"'",
                "$KEY, macro \"$KEY\", '\"$key\"'",
                "${key}, macro \"${key}\", '\"$key\"'",
                "$foo, macro \"$foo\", 'one of $sender, $senderdomain, $key, $keydomain, $$'",
                "$key\u00E9, macro \"$key\u00E9\", '\"$key\"'",
                "$, \"$\" without the name of a macro, '\"$$\" for a dollar sign, or one of $sender, $senderdomain, $key, $keydomain'",
                "$1, \"$\" without the name of a macro, '\"$$\" for a dollar sign, or one of $sender, $senderdomain, $key, $keydomain'",
            })
    void an_unknown_macro_is_an_error(String template, String found, String expected) {
        assertThat(MacroTemplate.parse(SourceText.of("option", "a." + template)).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.severity()).isEqualTo(Severity.ERROR);
                    assertThat(problem.position()).hasToString("option:1:3");
                    assertThat(problem.found()).isEqualTo(found);
                    assertThat(problem.expected()).isEqualTo(expected);
                });
    }

    @Test
    void a_template_knows_whether_it_holds_macros() {
        assertThat(template("a$keydomain").hasMacros()).isTrue();
        assertThat(template("a$$").hasMacros()).isTrue();
        assertThat(template("example.org").hasMacros()).isFalse();
    }

    private static MacroTemplate template(String text) {
        Parsed<MacroTemplate> checked = MacroTemplate.parse(SourceText.of("option", text));
        assertThat(checked.problems()).isEmpty();
        return checked.value();
    }
}
