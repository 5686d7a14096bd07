package org.dkimproxy.signing.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.SignerSettings;

/**
 * Warnings about selectors that hold the label {@code _domainkey}. A verifier adds it (RFC 6376 section 3.6.2.1), so it would
 * ask for {@code x._domainkey._domainkey.example.org}.
 */
final class SelectorWarnings {
    private static final String LABEL = "_domainkey";

    private SelectorWarnings() {}

    /** A warning for each such selector, of the option and of every specification. */
    static List<Problem> of(SignerSettings settings) {
        List<Problem> problems = new ArrayList<>();
        Stream.concat(
                        settings.defaults().selector().value().stream(),
                        settings.specifications().flatMap(specification -> specification.selector().stream()))
                .forEach(selector -> warning(selector).ifPresent(problems::add));
        return problems;
    }

    private static Optional<Problem> warning(SourceText selector) {
        String text = selector.text();
        List<String> labels = List.of(text.toLowerCase(Locale.ROOT).split("\\.", -1));
        int at = labels.indexOf(LABEL);
        if (at < 0) {
            return Optional.empty();
        }
        String before = String.join(".", List.of(text.split("\\.", -1)).subList(0, at));
        return Optional.of(selector.warning(
                "selector " + Problem.quoted(text) + ", to which verifiers add ._domainkey once more",
                before.isEmpty() ? "the selector alone" : Problem.quoted(before)));
    }
}
