package org.dkimproxy.signing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.signing.key.KeyFile;
import org.dkimproxy.signing.message.HeaderCollector;
import org.dkimproxy.signing.message.Originator;

/**
 * Signs messages with DKIM (RFC 6376, 8301, 8463) and DomainKeys (RFC 4870) by the rules of its settings.
 *
 * <pre>{@code
 * Parsed<SignerSettings> settings = SigningOptions.read(options, FileSource.PLAIN);
 * Parsed<Optional<DkimSigner>> signer = DkimSigner.create(settings.value());
 * SigningOutcome outcome = signer.value().orElseThrow().sign(message);
 * }</pre>
 *
 * <p>Immutable and thread-safe. The rules stay as they were read; a key file that changes is read again for the next
 * message.
 */
public final class DkimSigner {
    private final SignerSettings settings;
    private final IdentityHashMap<SignatureSpecification, SignatureTemplate> templates;
    private final AuthorRule authors;
    private final SigningPolicy policy;
    private final AlignmentNotices alignment = new AlignmentNotices();
    private final ConfigurationFingerprint fingerprint;
    private final int withDefaultAlgorithm;

    private DkimSigner(
            SignerSettings settings,
            IdentityHashMap<SignatureSpecification, SignatureTemplate> templates,
            AuthorRule authors,
            int withDefaultAlgorithm) {
        this.settings = settings;
        this.templates = templates;
        this.authors = authors;
        this.policy = new SigningPolicy(settings, templates, authors);
        this.fingerprint = new ConfigurationFingerprint(settings, authors, policy, templates);
        this.withDefaultAlgorithm = withDefaultAlgorithm;
    }

    /**
     * Checks every signature that the settings may ask for, and reads every key.
     *
     * @return the signer, unless a problem is an error
     */
    public static Parsed<Optional<DkimSigner>> create(SignerSettings settings) {
        SignatureTemplates templates = new SignatureTemplates(settings);
        templates.readKeysOf(settings.specifications());
        IdentityHashMap<SignatureSpecification, SignatureTemplate> bySpecification = new IdentityHashMap<>();
        settings.rightHandSides()
                .forEach(value -> value.specifications()
                        .forEach(specification -> templates
                                .of(specification, value.moreLines())
                                .ifPresent(template -> bySpecification.put(specification, template))));
        List<Problem> problems = new ArrayList<>(templates.problems());
        problems.addAll(templates.unusedDefaults());
        problems.addAll(FixedIdentities.problems(settings, bySpecification));
        problems.addAll(missingRules(settings));
        Parsed<Optional<DkimSigner>> failed = new Parsed<>(Optional.empty(), problems);
        if (failed.hasErrors()) {
            return failed;
        }
        return new Parsed<>(
                Optional.of(new DkimSigner(
                        settings, bySpecification, AuthorRule.EVERYONE, templates.withDefaultAlgorithm())),
                problems);
    }

    /**
     * Returns the domains that this signer and its mail server may speak for.
     *
     * @param ofHost asked for each message that depends on them
     */
    public OwnDomains ownDomains(HostDomains ofHost) {
        return OwnDomains.of(settings, ofHost);
    }

    /**
     * Returns a signer of the same rules for mail of own authors: other mail is skipped, unless a rule for a mailing list
     * covers it.
     *
     * @param own the domains of own authors, as in From
     */
    public DkimSigner forAuthorsOf(OwnDomains own) {
        return new DkimSigner(settings, templates, new AuthorRule(Optional.of(own)), withDefaultAlgorithm);
    }

    /**
     * A signer of the same rules that reads every key anew, for a process that has changed its root directory or its user.
     *
     * @param files turns the names of key files into paths from now on
     * @return the signer, unless a problem is an error
     */
    public Parsed<Optional<DkimSigner>> reopened(FileSource files) {
        Parsed<Optional<DkimSigner>> again = create(settings.withFiles(files));
        return new Parsed<>(
                again.value()
                        .map(signer -> authors.own().map(signer::forAuthorsOf).orElse(signer)),
                again.problems());
    }

    /** Begins one message. */
    public SigningTransaction begin() {
        return new DkimTransaction(settings, policy, alignment);
    }

    /**
     * Signs a whole message.
     *
     * @param message raw octets with CRLF line ends, not dot-stuffed
     */
    public SigningOutcome sign(byte[] message) {
        SigningTransaction transaction = begin();
        transaction.update(message, 0, message.length);
        return transaction.finish();
    }

    /**
     * Tells what would become of a message without Sender and List-Id.
     *
     * @param from what its From field holds: an address, perhaps with a name; without line ends
     * @throws IllegalArgumentException if there is a control character in it
     */
    public SigningPlan plan(String from) {
        if (from.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
            throw new IllegalArgumentException("a control character in an address");
        }
        byte[] header = ("From: " + from + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        HeaderCollector collector = new HeaderCollector(header.length);
        collector.update(header, 0, header.length);
        Originator originator = Originator.of(
                collector.fields(),
                Originator.Source.FROM,
                settings.compatibility().severalOriginators());
        try {
            return switch (policy.decide(Originators.all(originator), Optional.empty())) {
                case SigningPolicy.Decision.Leave leave -> new SigningPlan.Leave(leave.cause(), leave.reason());
                case SigningPolicy.Decision.Sign sign ->
                    new SigningPlan.Sign(sign.requests().stream()
                            .map(request -> PlannedSignature.of(
                                    request.rule(),
                                    request.specification(),
                                    request.template(),
                                    Optional.of(request.domain()),
                                    request.identity()))
                            .toList());
            };
        } catch (SigningFailedException failed) {
            return new SigningPlan.Fail(failed.reason());
        }
    }

    /** Every signature that some rule asks for, with its domain where that is the same for all messages; may be long. */
    public Stream<PlannedSignature> signatures() {
        return policy.all();
    }

    /** How many rules there are: keys of the maps and domains, or one for all messages. */
    public long ruleCount() {
        return policy.rules().count();
    }

    /** The key files of all rules. */
    public Set<KeyFile> keyFiles() {
        return fingerprint.keyFiles();
    }

    /**
     * A hash over everything that decides which messages are signed, and how: 64 hex digits. It is equal for equal maps, options
     * and public keys, wherever their files are and whenever they were written, and follows a key file that is replaced.
     */
    public String fingerprint() {
        return fingerprint.current();
    }

    /** How many DKIM signatures by RSA keys name no algorithm and get that of {@link Compatibility#defaultAlgorithm}. */
    public int countWithDefaultAlgorithm() {
        return withDefaultAlgorithm;
    }

    /** Problems with signatures that no rule uses. */
    private static List<Problem> missingRules(SignerSettings settings) {
        boolean hasRule = settings.listIdMap().isPresent()
                || settings.senderMap().isPresent()
                || !settings.domains().isEmpty();
        if (hasRule) {
            return List.of();
        }
        if (settings.signatures().isEmpty()) {
            return List.of(Problem.message(
                    Severity.ERROR, "no rule says what to sign: give the option domain, sender_map or listid_map"));
        }
        return settings.signatures().stream()
                .filter(signature -> signature.domain().isEmpty())
                .map(signature -> signature
                        .source()
                        .error(
                                "a signature without d=, and neither domain nor a map",
                                "d=DOMAIN in it, or the option domain, sender_map or listid_map"))
                .toList();
    }
}
