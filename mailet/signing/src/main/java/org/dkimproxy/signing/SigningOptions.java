package org.dkimproxy.signing;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.dkim.DkimMethod;
import org.dkimproxy.sendermap.dkim.DomainKeysMethod;
import org.dkimproxy.sendermap.dkim.MacroTemplate;
import org.dkimproxy.sendermap.dkim.SignatureSpecification;
import org.dkimproxy.sendermap.dkim.SignatureSpecifications;
import org.dkimproxy.sendermap.map.ListIdMap;
import org.dkimproxy.sendermap.map.SenderMap;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.access.TrustedUsers;
import org.dkimproxy.signing.message.Originator;

/** The options of the signing group, by the same names in the proxy, its tools and the mailet. */
public final class SigningOptions {
    private static final Set<String> LISTS = Set.of("signature");
    private static final Set<String> NAMES = Set.of(
            "signature",
            "keyfile",
            "selector",
            "method",
            "dkim_method",
            "domainkeys_method",
            "domain",
            "identity",
            "sender_map",
            "listid_map",
            "originator",
            "oversign",
            "compat",
            "key_passphrase_file");
    private static final String DKIM_METHODS =
            "\"simple\", \"relaxed\" or \"nowsp\", or two of them with a slash between";
    private static final String DOMAINKEYS_METHODS = "\"simple\" or \"nofws\"";

    private final List<ConfOption> options;
    private final FileSource files;
    private final TrustedUsers trusted;
    private final List<Problem> problems = new ArrayList<>();

    private SigningOptions(List<ConfOption> options, FileSource files, TrustedUsers trusted) {
        this.options = options;
        this.files = files;
        this.trusted = trusted;
    }

    /** The names of the group: lower case, with underscores. */
    public static Set<String> names() {
        return NAMES;
    }

    /** Those of {@link #names} that may be given more than once. */
    public static Set<String> lists() {
        return LISTS;
    }

    /**
     * Reads the options of the group and the maps that they name; options of other names are left to others. Of an option
     * that is no list the last one counts.
     *
     * @return the settings with every problem in the options and in the maps; keys are looked at by {@link
     *     DkimSigner#create}
     */
    public static Parsed<SignerSettings> read(List<ConfOption> options, FileSource files) {
        return read(options, files, TrustedUsers.ofThisProcess());
    }

    /**
     * The same for a program that will run as another user.
     *
     * @param trusted who may change the maps and the keys without a warning
     */
    public static Parsed<SignerSettings> read(List<ConfOption> options, FileSource files, TrustedUsers trusted) {
        return new SigningOptions(options, files, trusted).read();
    }

    private Parsed<SignerSettings> read() {
        Compatibility compatibility = compatibility();
        Oversigning ownOversigning = compatibility == Compatibility.NONE ? Oversigning.PRESENT : Oversigning.OFF;
        MapFiles maps = new MapFiles(files, trusted, problems);
        Optional<ListIdMap> listIdMap =
                last("listid_map").map(name -> maps.read("listid_map", name, ListIdMap::parse, ListIdMap::size));
        Optional<SenderMap> senderMap =
                last("sender_map").map(name -> maps.read("sender_map", name, SenderMap::parse, SenderMap::size));
        SignerSettings settings = new SignerSettings(
                listIdMap,
                senderMap,
                domains(),
                signatures(),
                defaults(),
                keep(choice("originator", SigningOptions::originatorSource, "\"sender\" or \"from\""))
                        .orElse(Originator.Source.SENDER),
                keep(choice("oversign", Oversigning::ofWord, "\"off\", \"on\" or \"extended\""))
                        .orElse(ownOversigning),
                compatibility,
                SignerSettings.DEFAULT_MAX_HEADER_BYTES,
                files,
                trusted,
                maps.entries(),
                InstantSource.system());
        return new Parsed<>(settings, problems);
    }

    private Compatibility compatibility() {
        return keep(choice(
                        "compat",
                        word -> word.equalsIgnoreCase(Compatibility.DKIMPROXY_1_4_WORD)
                                ? Optional.of(Compatibility.DKIMPROXY_1_4)
                                : Optional.<Compatibility>empty(),
                        Problem.quoted(Compatibility.DKIMPROXY_1_4_WORD)))
                .orElse(Compatibility.NONE);
    }

    private static Optional<Originator.Source> originatorSource(String word) {
        return Arrays.stream(Originator.Source.values())
                .filter(source -> source.name().equalsIgnoreCase(word))
                .findFirst();
    }

    private SignatureDefaults defaults() {
        return new SignatureDefaults(
                last("keyfile"),
                last("key_passphrase_file"),
                checked("selector", fragment -> tagName("selector", fragment, "host-name labels")),
                choice("dkim_method", DkimMethod::ofTag, DKIM_METHODS),
                choice("domainkeys_method", DomainKeysMethod::ofTag, DOMAINKEYS_METHODS),
                checked("method", SigningOptions::knownMethod),
                checked("identity", MacroTemplate::parse));
    }

    private static Parsed<SourceText> knownMethod(SourceText method) {
        boolean isKnown = DkimMethod.ofTag(method.text()).isPresent()
                || DomainKeysMethod.ofTag(method.text()).isPresent();
        List<Problem> unknown = isKnown
                ? List.of()
                : List.of(method.error(
                        "method " + Problem.quoted(method.text()),
                        DKIM_METHODS + ", or for DomainKeys " + DOMAINKEYS_METHODS));
        return new Parsed<>(method, unknown);
    }

    /** The name as tags hold it; one that cannot be is a problem. */
    private static Parsed<SourceText> tagName(String option, SourceText fragment, String expected) {
        Optional<String> name = TagDomain.of(fragment.text());
        return new Parsed<>(
                new SourceText(fragment.position(), name.orElse(fragment.text()), fragment.lineText()),
                name.isPresent()
                        ? List.of()
                        : List.of(fragment.error(option + " " + Problem.quoted(fragment.text()), expected)));
    }

    /** The value names one domain, or several with commas or blanks between. */
    private List<SourceText> domains() {
        List<SourceText> domains = new ArrayList<>();
        last("domain")
                .ifPresent(value ->
                        value.words().forEach(word -> domains.add(keep(tagName("domain", word, "a host name")))));
        return domains;
    }

    private List<SignatureSpecification> signatures() {
        List<SourceText> given = all("signature");
        boolean hasMap = last("sender_map").isPresent() || last("listid_map").isPresent();
        Optional<SourceText> domain = last("domain");
        if (given.isEmpty() && hasMap && domain.isPresent()) {
            problems.add(domain.get()
                    .warning(
                            "a domain beside a map, and no signature",
                            "a signature for it, such as \"dkim\", since without one it signs nothing"));
        }
        if (!given.isEmpty() && domain.isEmpty() && hasMap) {
            problems.add(given.getFirst()
                    .warning(
                            "a signature beside a map, and no domain",
                            "a domain, since without one this signature is never made"));
        }
        if (given.isEmpty() && !hasMap) {
            return domain.map(SigningOptions::defaultSignature)
                    .map(signature -> keep(SignatureSpecifications.parse(signature)))
                    .orElse(List.of());
        }
        return given.stream()
                .flatMap(fragment -> keep(SignatureSpecifications.parse(fragment)).stream())
                .toList();
    }

    /** The signature that a domain gets when none is given; what is wrong with it is told where the domain stands. */
    private static SourceText defaultSignature(SourceText domain) {
        return new SourceText(domain.position(), "dkim", domain.lineText());
    }

    private <T> Parsed<Optional<T>> choice(String name, Function<String, Optional<T>> reader, String expected) {
        Optional<SourceText> given = last(name);
        Optional<T> value = given.flatMap(fragment -> reader.apply(fragment.text()));
        boolean isWrong = given.isPresent() && value.isEmpty();
        return new Parsed<>(
                value,
                isWrong
                        ? List.of(given.get()
                                .error(name + " " + Problem.quoted(given.get().text()), expected))
                        : List.of());
    }

    private <T> Parsed<Optional<T>> checked(String name, Function<SourceText, Parsed<T>> reader) {
        Optional<Parsed<T>> read = last(name).map(reader);
        return new Parsed<>(read.map(Parsed::value), read.map(Parsed::problems).orElse(List.of()));
    }

    private <T> T keep(Parsed<T> checked) {
        problems.addAll(checked.problems());
        return checked.value();
    }

    private Optional<SourceText> last(String name) {
        return all(name).stream().reduce((earlier, later) -> later);
    }

    private List<SourceText> all(String name) {
        return options.stream()
                .filter(option -> option.name().equals(name))
                .map(ConfOption::value)
                .toList();
    }
}
