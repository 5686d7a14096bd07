package org.dkimproxy.signing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.dkim.Algorithm;
import org.dkimproxy.sendermap.dkim.DkimMethod;
import org.dkimproxy.sendermap.dkim.DomainKeysMethod;
import org.dkimproxy.sendermap.dkim.MacroTemplate;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.key.KeyFile;
import org.dkimproxy.signing.key.SigningKey;

/** Fills the gaps of signature specifications from the defaults, and collects what is wrong. */
final class SignatureTemplates {
    private final SignerSettings settings;
    private final List<Problem> problems = new ArrayList<>();
    private final KeyFiles keyFiles;
    private final Set<String> defaultDkimFields;
    private final Set<String> defaultDomainKeysFields;
    private final Set<Position> told = new HashSet<>();
    private int withDefaultAlgorithm;

    SignatureTemplates(SignerSettings settings) {
        this.settings = settings;
        this.keyFiles = new KeyFiles(settings, problems);
        this.defaultDkimFields = Set.copyOf(settings.compatibility().defaultDkimFields());
        this.defaultDomainKeysFields = Set.copyOf(settings.compatibility().defaultDomainKeysFields());
    }

    /** The problems of all specifications so far. */
    List<Problem> problems() {
        return problems;
    }

    /** Reads the keys of these specifications, which makes {@link #of} quicker if there are many. */
    void readKeysOf(Stream<SignatureSpecification> specifications) {
        keyFiles.readAhead(specifications.flatMap(specification -> keyFileName(specification).stream()));
    }

    /** How many DKIM signatures by RSA name no algorithm. */
    int withDefaultAlgorithm() {
        return withDefaultAlgorithm;
    }

    /**
     * The specification made whole, or nothing after an error was added to {@link #problems}.
     *
     * @param moreLines in how many other lines it stands
     */
    Optional<SignatureTemplate> of(SignatureSpecification specification, int moreLines) {
        int before = problems.size();
        Optional<SignatureTemplate> template = of(specification);
        Position position = specification.source().position();
        problems.subList(before, problems.size())
                .replaceAll(problem -> isInLine(problem, position) ? problem.alsoIn(moreLines) : problem);
        return template;
    }

    private static boolean isInLine(Problem problem, Position position) {
        return problem.position().line() == position.line()
                && problem.position().file().equals(position.file());
    }

    private Optional<SignatureTemplate> of(SignatureSpecification specification) {
        Optional<String> selector = selector(specification);
        Optional<SourceText> keyName = keyFileName(specification);
        reportMissing(specification, selector.isPresent(), keyName.isPresent());
        Optional<KeyFile> keyFile = keyName.flatMap(keyFiles::of);
        Set<String> fields = fields(specification);
        return switch (specification) {
            case SignatureSpecification.Dkim dkim -> {
                Optional<MacroTemplate> identity =
                        dkim.identity().or(() -> use(settings.defaults().identity()));
                identity.flatMap(given -> IdentityTag.problem(given, dkim.domain()))
                        .ifPresent(this::tellOnce);
                Optional<DkimMethod> method = method(dkim);
                if (selector.isEmpty() || keyFile.isEmpty()) {
                    yield Optional.empty();
                }
                yield algorithm(dkim, keyFile.get())
                        .map(algorithm -> new SignatureTemplate.Dkim(
                                keyFile.get(),
                                selector.get(),
                                dkim.domain(),
                                fields,
                                algorithm,
                                method.orElse(DkimMethod.RELAXED),
                                method.isPresent() || settings.compatibility() != Compatibility.NONE,
                                identity,
                                dkim.timestamp().orElse(settings.compatibility() == Compatibility.NONE),
                                dkim.expiry()));
            }
            case SignatureSpecification.DomainKeys domainKeys -> {
                DomainKeysMethod method = method(domainKeys);
                boolean canSign = selector.isPresent()
                        && keyFile.isPresent()
                        && fits(keyFile.get(), Algorithm.RSA_SHA1, domainKeys);
                yield canSign
                        ? Optional.of(new SignatureTemplate.DomainKeys(
                                keyFile.get(), selector.get(), domainKeys.domain(), fields, method))
                        : Optional.empty();
            }
        };
    }

    private Optional<String> selector(SignatureSpecification specification) {
        Optional<SourceText> selector =
                specification.selector().or(() -> use(settings.defaults().selector()));
        return selector.map(SourceText::text);
    }

    /** One error for all that is missing, so that one look at the configuration adds it. */
    private void reportMissing(SignatureSpecification specification, boolean hasSelector, boolean hasKey) {
        if (!hasSelector && !hasKey) {
            problems.add(specification
                    .source()
                    .error(
                            "a signature without a selector and a key",
                            "s=SELECTOR and key=FILE in it, or the options selector and keyfile"));
        } else if (!hasSelector) {
            problems.add(specification
                    .source()
                    .error("a signature without a selector", "s=SELECTOR in it, or the option selector"));
        } else if (!hasKey) {
            problems.add(
                    specification.source().error("a signature without a key", "key=FILE in it, or the option keyfile"));
        }
    }

    private Optional<SourceText> keyFileName(SignatureSpecification specification) {
        return specification.keyFile().or(() -> settings.defaults().keyFile());
    }

    /** The value of a default that a signature uses; its problems are errors now. */
    private <T> Optional<T> use(Parsed<Optional<T>> value) {
        value.problems().forEach(this::tellOnce);
        return value.value();
    }

    /** Problems with defaults that no signature uses. */
    List<Problem> unusedDefaults() {
        return settings.defaults()
                .problems()
                .filter(problem -> !told.contains(problem.position()))
                .map(Problem::ofUnusedPart)
                .toList();
    }

    /** A problem with an option is reported once for all signatures. */
    private void tellOnce(Problem problem) {
        if (told.add(problem.position())) {
            problems.add(problem);
        }
    }

    private Set<String> fields(SignatureSpecification specification) {
        boolean isDkim = specification instanceof SignatureSpecification.Dkim;
        boolean isIgnored = settings.compatibility() == Compatibility.DKIMPROXY_1_4;
        if (isIgnored && !specification.headers().isEmpty()) {
            problems.add(specification
                    .source()
                    .warning("h= in a signature, which compat ignores as dkimproxy 1.4 did", "no h= beside compat"));
        }
        if (isIgnored || specification.headers().isEmpty()) {
            return isDkim ? defaultDkimFields : defaultDomainKeysFields;
        }
        Set<String> fields = new HashSet<>(specification.headers());
        fields.add("from");
        if (!isDkim) {
            // a verifier takes the domain from Sender where there is one, and asks for a signature of that field
            // (RFC 4870 section 3.3, h=)
            fields.add("sender");
        }
        return Set.copyOf(fields);
    }

    /** The method that the configuration gives, if it gives one; wrong ones are reported. */
    private Optional<DkimMethod> method(SignatureSpecification.Dkim dkim) {
        Optional<DkimMethod> own =
                dkim.method().or(() -> use(settings.defaults().dkimMethod()));
        Optional<SourceText> shared =
                own.isPresent() ? Optional.empty() : use(settings.defaults().method());
        Optional<DkimMethod> method = own.or(() -> shared.flatMap(value -> DkimMethod.ofTag(value.text())));
        if (shared.isPresent() && method.isEmpty()) {
            tellOnce(unfitMethod(shared.get(), "a DKIM method, or the option dkim_method, for " + at(dkim)));
        }
        return method;
    }

    private DomainKeysMethod method(SignatureSpecification.DomainKeys domainKeys) {
        Optional<DomainKeysMethod> own =
                domainKeys.method().or(() -> use(settings.defaults().domainKeysMethod()));
        Optional<SourceText> shared =
                own.isPresent() ? Optional.empty() : use(settings.defaults().method());
        Optional<DomainKeysMethod> method = own.or(() -> shared.flatMap(value -> DomainKeysMethod.ofTag(value.text())));
        if (shared.isPresent() && method.isEmpty()) {
            tellOnce(unfitMethod(
                    shared.get(), "a DomainKeys method, or the option domainkeys_method, for " + at(domainKeys)));
        }
        return method.orElse(DomainKeysMethod.NOFWS);
    }

    private static Problem unfitMethod(SourceText method, String expected) {
        return method.error("method " + Problem.quoted(method.text()), expected);
    }

    private static String at(SignatureSpecification specification) {
        return "the signature at " + specification.source().position();
    }

    private Optional<Algorithm> algorithm(SignatureSpecification.Dkim dkim, KeyFile keyFile) {
        if (dkim.algorithm().isEmpty()) {
            if (keyFile.lastRead() instanceof SigningKey.Ed25519) {
                return Optional.of(Algorithm.ED25519_SHA256);
            }
            withDefaultAlgorithm++;
            return Optional.of(settings.compatibility().defaultAlgorithm());
        }
        return dkim.algorithm().filter(algorithm -> fits(keyFile, algorithm, dkim));
    }

    private boolean fits(KeyFile keyFile, Algorithm algorithm, SignatureSpecification specification) {
        SigningKey key = keyFile.lastRead();
        if (!key.fits(algorithm)) {
            problems.add(specification
                    .keyFile()
                    .orElse(specification.source())
                    .error("an " + key.description() + " in " + keyFile.path(), "a key that makes " + algorithm.tag()));
        }
        return key.fits(algorithm);
    }
}
