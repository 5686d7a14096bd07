package org.dkimproxy.signing.config;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
import org.dkimproxy.signing.Compatibility;
import org.dkimproxy.signing.DkimSigner;
import org.dkimproxy.signing.FileSource;
import org.dkimproxy.signing.Oversigning;
import org.dkimproxy.signing.SignatureDefaults;
import org.dkimproxy.signing.SignerSettings;
import org.dkimproxy.signing.TagDomain;
import org.dkimproxy.signing.access.TrustedUsers;
import org.dkimproxy.signing.message.Originator;

/** The options of the signing group, by the same names in the proxy, its tools and the mailet. */
public final class SigningOptions {
    private static final String DKIM_METHODS =
            "\"simple\", \"relaxed\" or \"nowsp\", or two of them with a slash between";
    private static final String DOMAINKEYS_METHODS = "\"simple\" or \"nofws\"";

    static final Option<Optional<SourceText>> DOMAIN =
            Option.text("domain", "NAMES", "", "domains to sign for, with commas between; one signs all mail");
    static final Option<Optional<SourceText>> SENDER_MAP =
            Option.text("sender_map", "FILE", "", "which signature for which sender; a file, or a directory of files");
    static final Option<Optional<SourceText>> LISTID_MAP =
            Option.text("listid_map", "FILE", "", "which signature for which mailing list; likewise");
    static final Option<List<SourceText>> SIGNATURE = Option.texts(
                    "signature", "TYPE(...)", "a signature to make, such as dkim(c=relaxed)")
            .defaultText("dkim");
    static final Option<Optional<SourceText>> KEYFILE = Option.text("keyfile", "FILE", "", "private key, PEM");
    static final Option<Optional<SourceText>> SELECTOR = Option.text("selector", "NAME", "", "selector, s=");
    static final Option<Optional<SourceText>> METHOD =
            Option.text("method", "METHOD", "relaxed, nofws", "canonicalization, c=");
    static final Option<Optional<SourceText>> DKIM_METHOD =
            Option.text("dkim_method", "METHOD", "relaxed", "canonicalization of DKIM signatures");
    static final Option<Optional<SourceText>> DOMAINKEYS_METHOD =
            Option.text("domainkeys_method", "METHOD", "nofws", "canonicalization of DomainKeys signatures");
    static final Option<Optional<SourceText>> IDENTITY = Option.text("identity", "ADDRESS", "", "identity, i=");
    static final Option<Optional<SourceText>> KEY_PASSPHRASE_FILE =
            Option.text("key_passphrase_file", "FILE", "", "file whose first line opens encrypted keys");
    static final Option<Optional<Originator.Source>> ORIGINATOR = Option.optional(
                    "originator",
                    "sender|from",
                    "\"sender\" or \"from\"",
                    SigningOptions::originatorSource,
                    "sign for Sender before From, or for From only")
            .defaultText("sender");
    /** Which fields are named once more than they occur. */
    public static final Option<Optional<Oversigning>> OVERSIGN = Option.optional(
                    "oversign",
                    "off|on|extended",
                    "\"off\", \"on\" or \"extended\"",
                    Oversigning::ofWord,
                    "name fields once more than they occur")
            .defaultText("on");

    /** Whose defaults apply. */
    public static final Option<Compatibility> COMPAT = Option.value(
            "compat",
            Compatibility.DKIMPROXY_1_4_WORD,
            Problem.quoted(Compatibility.DKIMPROXY_1_4_WORD),
            SigningOptions::compatibility,
            Compatibility.NONE,
            "",
            "the defaults of dkimproxy 1.4: rsa-sha1, its list of fields");

    /** The options of the signing group. */
    public static final OptionTable.Group GROUP = OptionTable.Group.of(
            "Signing",
            DOMAIN,
            SENDER_MAP,
            LISTID_MAP,
            SIGNATURE,
            KEYFILE,
            SELECTOR,
            METHOD,
            DKIM_METHOD,
            DOMAINKEYS_METHOD,
            IDENTITY,
            KEY_PASSPHRASE_FILE,
            ORIGINATOR,
            OVERSIGN,
            COMPAT);

    private final OptionValues values;
    private final FileSource files;
    private final TrustedUsers trusted;
    private final List<Problem> problems = new ArrayList<>();

    private SigningOptions(OptionValues values, FileSource files, TrustedUsers trusted) {
        this.values = values;
        this.files = files;
        this.trusted = trusted;
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
     * Reads the options of a program that will run as another user.
     *
     * @param trusted the users who may change the maps and the keys without a warning
     */
    public static Parsed<SignerSettings> read(List<ConfOption> options, FileSource files, TrustedUsers trusted) {
        return new SigningOptions(new OptionValues(options), files, trusted).read();
    }

    private Parsed<SignerSettings> read() {
        Compatibility compatibility = values.get(COMPAT);
        Oversigning ownOversigning = compatibility == Compatibility.NONE ? Oversigning.PRESENT : Oversigning.OFF;
        MapFiles maps = new MapFiles(files, trusted, problems);
        Optional<ListIdMap> listIdMap =
                values.get(LISTID_MAP).map(name -> maps.read(LISTID_MAP.name(), name, ListIdMap::parse));
        Optional<SenderMap> senderMap =
                values.get(SENDER_MAP).map(name -> maps.read(SENDER_MAP.name(), name, SenderMap::parse));
        SignerSettings settings = new SignerSettings(
                listIdMap,
                senderMap,
                domains(),
                signatures(),
                defaults(),
                values.get(ORIGINATOR).orElse(Originator.Source.SENDER),
                values.get(OVERSIGN).orElse(ownOversigning),
                compatibility,
                SignerSettings.DEFAULT_MAX_HEADER_BYTES,
                files,
                trusted,
                maps.entries(),
                InstantSource.system());
        problems.addAll(values.problems());
        return new Parsed<>(settings, problems);
    }

    private static Optional<Compatibility> compatibility(String word) {
        return word.equalsIgnoreCase(Compatibility.DKIMPROXY_1_4_WORD)
                ? Optional.of(Compatibility.DKIMPROXY_1_4)
                : Optional.empty();
    }

    private static Optional<Originator.Source> originatorSource(String word) {
        return Arrays.stream(Originator.Source.values())
                .filter(source -> source.name().equalsIgnoreCase(word))
                .findFirst();
    }

    private SignatureDefaults defaults() {
        return new SignatureDefaults(
                values.get(KEYFILE),
                values.get(KEY_PASSPHRASE_FILE),
                checked(SELECTOR, fragment -> tagName(SELECTOR, fragment, "host-name labels")),
                choice(DKIM_METHOD, DkimMethod::ofTag, DKIM_METHODS),
                choice(DOMAINKEYS_METHOD, DomainKeysMethod::ofTag, DOMAINKEYS_METHODS),
                checked(METHOD, SigningOptions::knownMethod),
                checked(IDENTITY, MacroTemplate::parse));
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
    private static Parsed<SourceText> tagName(Option<?> option, SourceText fragment, String expected) {
        Optional<String> name = TagDomain.of(fragment.text());
        return new Parsed<>(
                new SourceText(fragment.position(), name.orElse(fragment.text()), fragment.lineText()),
                name.isPresent()
                        ? List.of()
                        : List.of(fragment.error(option.name() + " " + Problem.quoted(fragment.text()), expected)));
    }

    /** The value names one domain, or several with commas or blanks between. */
    private List<SourceText> domains() {
        List<SourceText> domains = new ArrayList<>();
        values.get(DOMAIN)
                .ifPresent(value ->
                        value.words().forEach(word -> domains.add(keep(tagName(DOMAIN, word, "a host name")))));
        return domains;
    }

    private List<SignatureSpecification> signatures() {
        List<SourceText> given = values.get(SIGNATURE);
        boolean hasMap = values.has(SENDER_MAP) || values.has(LISTID_MAP);
        Optional<SourceText> domain = values.get(DOMAIN);
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

    /** The signature of a domain without one; its problems have the position of the domain. */
    private static SourceText defaultSignature(SourceText domain) {
        return new SourceText(domain.position(), "dkim", domain.lineText());
    }

    /** A value with its problem, which is an error only where a signature uses the value. */
    private <T> Parsed<Optional<T>> choice(
            Option<Optional<SourceText>> option, Function<String, Optional<T>> reader, String expected) {
        Optional<SourceText> given = values.get(option);
        Optional<T> value = given.flatMap(text -> reader.apply(text.text()));
        List<Problem> wrong = given.filter(text -> value.isEmpty()).stream()
                .map(text -> text.error(option.name() + " " + Problem.quoted(text.text()), expected))
                .toList();
        return new Parsed<>(value, wrong);
    }

    private <T> Parsed<Optional<T>> checked(
            Option<Optional<SourceText>> option, Function<SourceText, Parsed<T>> reader) {
        Optional<Parsed<T>> read = values.get(option).map(reader);
        return new Parsed<>(read.map(Parsed::value), read.map(Parsed::problems).orElse(List.of()));
    }

    private <T> T keep(Parsed<T> checked) {
        problems.addAll(checked.problems());
        return checked.value();
    }
}
