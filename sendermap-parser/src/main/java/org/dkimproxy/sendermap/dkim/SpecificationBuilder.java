package org.dkimproxy.sendermap.dkim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.dkimproxy.sendermap.text.Ascii;
import org.dkimproxy.sendermap.text.Columns;
import org.dkimproxy.sendermap.text.Flag;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Problems;
import org.dkimproxy.sendermap.text.SourceText;

/** Reads the values of one specification's parameters, one after another, and makes the specification of them. */
public final class SpecificationBuilder {
    private static final int MOST_HEADERS = 1000;
    private static final long LONGEST_EXPIRY = 1L << 31;
    private static final Set<String> UNSIGNED_FIELDS =
            Set.of("return-path", "received", "dkim-signature", "domainkey-signature", "authentication-results");

    private final SignatureType type;
    private final Problems problems;
    private Optional<SourceText> keyFile = Optional.empty();
    private Optional<MacroTemplate> domain = Optional.empty();
    private Optional<SourceText> selector = Optional.empty();
    private List<String> headers = List.of();
    private Optional<Algorithm> algorithm = Optional.empty();
    private Optional<DkimMethod> dkimMethod = Optional.empty();
    private Optional<DomainKeysMethod> domainKeysMethod = Optional.empty();
    private Optional<MacroTemplate> identity = Optional.empty();
    private Optional<Duration> expiry = Optional.empty();
    private Optional<Boolean> timestamp = Optional.empty();

    SpecificationBuilder(SignatureType type, Problems problems) {
        this.type = type;
        this.problems = problems;
    }

    /** Takes one parameter. Its value is not empty. */
    void set(Parameter parameter, SourceText name, SourceText value) {
        switch (parameter) {
            case KEY -> keyFile = read(parameter, value, SpecificationBuilder::path);
            case A -> readAlgorithm(value);
            case C -> readMethod(value);
            case D -> domain = template(parameter, value, SpecificationBuilder::domainName);
            case S -> selector = read(parameter, value, SpecificationBuilder::domainName);
            case I -> identity = template(parameter, value, SpecificationBuilder::identity);
            case H -> readHeaders(value);
            case X -> expiry = read(parameter, value, SpecificationBuilder::seconds);
            case T ->
                timestamp =
                        read(parameter, value, text -> Flag.ofWord(text.text())).map(Flag.ON::equals);
        }
        if (type == SignatureType.DOMAINKEYS
                && (parameter == Parameter.I || parameter == Parameter.X || parameter == Parameter.T)) {
            problems.warning(
                    name,
                    "parameter " + Problem.quoted(name.text()) + " of a domainkeys signature",
                    "it with dkim only (it has no effect here)");
        }
    }

    SignatureSpecification build(SourceText source) {
        return switch (type) {
            case DKIM ->
                new SignatureSpecification.Dkim(
                        source, keyFile, domain, selector, headers, algorithm, dkimMethod, identity, expiry, timestamp);
            case DOMAINKEYS ->
                new SignatureSpecification.DomainKeys(source, keyFile, domain, selector, headers, domainKeysMethod);
        };
    }

    private void readAlgorithm(SourceText value) {
        algorithm = read(
                Parameter.A,
                value,
                text -> Algorithm.ofTag(text.text())
                        .filter(any -> type == SignatureType.DKIM || any == Algorithm.RSA_SHA1));
        if (type == SignatureType.DKIM && algorithm.equals(Optional.of(Algorithm.RSA_SHA1))) {
            problems.warning(
                    value,
                    "algorithm \"rsa-sha1\"",
                    "\"rsa-sha256\" or \"ed25519-sha256\" (RFC 8301 forbids signing with rsa-sha1)");
        }
    }

    private void readMethod(SourceText value) {
        if (type == SignatureType.DOMAINKEYS) {
            domainKeysMethod = read(Parameter.C, value, text -> DomainKeysMethod.ofTag(text.text()));
            return;
        }
        dkimMethod = read(Parameter.C, value, text -> DkimMethod.ofTag(text.text()));
        if (dkimMethod.filter(SpecificationBuilder::isNowsp).isPresent()) {
            problems.warning(
                    value,
                    "method " + Problem.quoted(value.text()),
                    "\"relaxed\" or \"simple\" (few verifiers know nowsp)");
        }
    }

    private static boolean isNowsp(DkimMethod method) {
        return method.header() == DkimMethod.Part.NOWSP || method.body() == DkimMethod.Part.NOWSP;
    }

    private void readHeaders(SourceText value) {
        String text = value.text();
        Columns columns = Columns.of(value);
        List<String> names = new ArrayList<>();
        for (int begin = 0; begin <= text.length() && names.size() <= MOST_HEADERS; ) {
            int colon = text.indexOf(':', begin);
            int end = colon < 0 ? text.length() : colon;
            SourceText name = columns.part(begin, end).trimmed();
            if (UNSIGNED_FIELDS.contains(lower(name))) {
                problems.warning(
                        name,
                        "field " + Problem.quoted(name.text()) + " in h=, which is never signed and is dropped",
                        "fields that nobody adds or changes on the way (RFC 6376 section 5.4.1)");
            } else if (isFieldName(name.text())) {
                names.add(lower(name));
            } else {
                report(Parameter.H, name);
            }
            begin = end + 1;
        }
        if (names.size() > MOST_HEADERS) {
            problems.error(value, "more than " + MOST_HEADERS + " field names", "at most " + MOST_HEADERS);
        }
        headers = List.copyOf(names);
    }

    /** Printable US-ASCII save for the colon (RFC 5322 section 3.6.8) and the semicolon, which ends a tag. */
    private static boolean isFieldName(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ':' && c != ';');
    }

    private static Optional<SourceText> path(SourceText value) {
        return Optional.of(value).filter(any -> value.text().chars().noneMatch(Ascii::isControl));
    }

    /** The domain name with A-labels in place of U-labels; what is US-ASCII stays as it was written. */
    private static Optional<SourceText> domainName(SourceText value) {
        return DomainNames.toALabels(value.text())
                .map(name -> Ascii.isAscii(value.text()) ? value : withText(value, name));
    }

    private static Optional<SourceText> identity(SourceText value) {
        String text = value.text();
        int begin = text.lastIndexOf('@') + 1;
        if (begin == 0) {
            return Optional.empty();
        }
        String domain = text.substring(begin);
        return DomainNames.toALabels(domain)
                .map(name -> Ascii.isAscii(domain) ? value : withText(value, text.substring(0, begin) + name));
    }

    private static SourceText withText(SourceText fragment, String text) {
        return new SourceText(fragment.position(), text, fragment.lineText());
    }

    private static Optional<Duration> seconds(SourceText value) {
        String digits = value.text();
        if (digits.length() > 10 || !digits.chars().allMatch(Ascii::isDigit)) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(digits))
                .filter(seconds -> seconds >= 1 && seconds <= LONGEST_EXPIRY)
                .map(Duration::ofSeconds);
    }

    private static String lower(SourceText value) {
        return Ascii.lower(value.text());
    }

    /** A value with macros; where these do not depend on the message, the value is checked at once. */
    private Optional<MacroTemplate> template(
            Parameter parameter, SourceText value, Function<SourceText, Optional<SourceText>> reader) {
        long errors = problems.errorCount();
        MacroTemplate written = MacroTemplate.parse(value, problems);
        if (problems.errorCount() > errors) {
            return Optional.of(written);
        }
        if (!written.hasMacros()) {
            return read(parameter, value, reader).map(MacroTemplate::new);
        }
        if (written.constant()
                .filter(text -> reader.apply(withText(value, text)).isEmpty())
                .isPresent()) {
            report(parameter, value);
        }
        return Optional.of(written);
    }

    private <T> Optional<T> read(Parameter parameter, SourceText value, Function<SourceText, Optional<T>> reader) {
        Optional<T> read = reader.apply(value);
        if (read.isEmpty()) {
            report(parameter, value);
        }
        return read;
    }

    private void report(Parameter parameter, SourceText value) {
        problems.error(
                value,
                parameter.noun() + " " + Problem.quoted(value.text()),
                parameter.form(type) + hint(parameter, value));
    }

    private static String hint(Parameter parameter, SourceText value) {
        return switch (parameter) {
            case D, I, S -> Ascii.isAscii(value.text()) ? "" : " (in A-labels, \"xn--...\")";
            default -> "";
        };
    }
}
