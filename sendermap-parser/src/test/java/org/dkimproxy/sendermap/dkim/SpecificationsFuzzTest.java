package org.dkimproxy.sendermap.dkim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.FuzzedText;
import org.dkimproxy.sendermap.text.Ascii;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.SourceText;

/** Any text gives specifications that obey their bounds; those without a fault, written again, read the same. */
class SpecificationsFuzzTest {
    private static final Pattern MACRO = Pattern.compile("\\$(\\$|\\p{L}+)");
    private static final MacroTemplate.Values VALUES = new MacroTemplate.Values(
            Optional.of("$key@a.example"), Optional.of("a.example"), Optional.of("$$"), Optional.of(""));

    @FuzzTest(maxDuration = "3s")
    @DictionaryEntries({
        "dkim(",
        "domainkeys(",
        "key=",
        "a=ed25519-sha256",
        "a=rsa-sha256",
        "c=relaxed/simple",
        "c=nofws",
        "d=$senderdomain",
        "i=@$keydomain",
        "h=from:to",
        "s=sel",
        "t=off",
        "x=86400",
        "),",
        "$$",
        "$sender",
        "$key"
    })
    void any_text_is_read(byte[] content) {
        String text = new String(content, UTF_8).replaceAll("[\r\n]", " ");
        Parsed<List<SignatureSpecification>> read = SignatureSpecifications.parse(SourceText.of("option", text));

        new FuzzedText("option", text.getBytes(UTF_8)).assertHoldsPlaces(read.problems());
        assertThat(read.value()).hasSizeLessThanOrEqualTo(100);
        read.value().forEach(SpecificationsFuzzTest::assertWithinBounds);
        if (!read.hasErrors()) {
            String printed = written(read.value());
            Parsed<List<SignatureSpecification>> again =
                    SignatureSpecifications.parse(SourceText.of("option", printed));
            assertThat(again.hasErrors()).as(printed).isFalse();
            assertThat(written(again.value())).isEqualTo(printed);
            read.value().stream()
                    .flatMap(one -> one.domain().stream())
                    .forEach(SpecificationsFuzzTest::assertExpandsOnce);
        }
    }

    private static void assertWithinBounds(SignatureSpecification specification) {
        assertThat(specification.headers()).hasSizeLessThanOrEqualTo(1001);
        assertThat(specification.headers()).allMatch(name -> name.matches("[!-9<-@\\[-~]+"));
        assertThat(specification.selector().map(SourceText::text).orElse("s"))
                .matches("[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*");
        assertThat(specification.keyFile().map(SourceText::text).orElse("k").chars())
                .noneMatch(Ascii::isControl);
        if (specification instanceof SignatureSpecification.Dkim dkim) {
            dkim.expiry().ifPresent(expiry -> assertThat(expiry.toSeconds()).isBetween(1L, 1L << 31));
        }
    }

    private static void assertExpandsOnce(MacroTemplate template) {
        String expected = MACRO.matcher(template.source().text())
                .replaceAll(macro -> Matcher.quoteReplacement(
                        switch (macro.group(1)) {
                            case "$" -> "$";
                            case "sender" -> VALUES.sender().orElseThrow();
                            case "senderdomain" -> VALUES.senderDomain().orElseThrow();
                            case "key" -> VALUES.key().orElseThrow();
                            default -> VALUES.keyDomain().orElseThrow();
                        }));
        assertThat(template.expand(VALUES)).contains(expected);
    }

    private static String written(List<SignatureSpecification> specifications) {
        return specifications.stream().map(SpecificationsFuzzTest::written).collect(Collectors.joining(","));
    }

    private static String written(SignatureSpecification specification) {
        Stream<Optional<String>> common = Stream.of(
                parameter("key", specification.keyFile(), SourceText::text),
                parameter("d", specification.domain(), domain -> domain.source().text()),
                parameter("s", specification.selector(), SourceText::text),
                parameter(
                        "h", Optional.of(specification.headers()).filter(h -> !h.isEmpty()), h -> String.join(":", h)));
        Stream<Optional<String>> own = switch (specification) {
            case SignatureSpecification.Dkim dkim ->
                Stream.of(
                        parameter("a", dkim.algorithm(), Algorithm::tag),
                        parameter("c", dkim.method(), DkimMethod::tag),
                        parameter(
                                "i",
                                dkim.identity(),
                                identity -> identity.source().text()),
                        parameter("x", dkim.expiry(), expiry -> Long.toString(expiry.toSeconds())),
                        parameter("t", dkim.timestamp(), on -> on ? "on" : "off"));
            case SignatureSpecification.DomainKeys domainKeys ->
                Stream.of(parameter("c", domainKeys.method(), DomainKeysMethod::tag));
        };
        String type = specification instanceof SignatureSpecification.Dkim ? "dkim" : "domainkeys";
        return type
                + Stream.concat(common, own)
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining(",", "(", ")"))
                        .replace("()", "");
    }

    private static <T> Optional<String> parameter(String name, Optional<T> value, Function<T, String> text) {
        return value.map(text).map(written -> name + "=" + written);
    }
}
