package org.dkimproxy.james;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.mailet.MailetConfig;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Flag;
import org.dkimproxy.sendermap.text.NearestName;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.config.ConfigurationLoader;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.signing.config.SigningOptions;
import org.jspecify.annotations.Nullable;

/** The parameters in {@code mailetcontainer.xml}, as the options of dkimproxy that they are. */
final class MailetParameters {
    static final Option<Boolean> REJECT_ERROR =
            Option.flag("reject_error", "throw a MessagingException for a mail that cannot be signed");
    static final Option<Optional<Flag>> CONVERT_TO_7BIT = Option.optional(
            "convert_to_7bit", "yes|no", "yes or no", Flag::ofWord, "convert 8-bit parts before signing");
    static final Option<Authors> SIGN_AUTHORS =
            Option.choice("sign_authors", Authors.OWN, "sign mail of own authors, or all mail that a rule matches");

    /** Whose mail is signed. */
    enum Authors {
        OWN,
        ALL
    }

    /** The mailet's own parameters and those of the signing group. */
    static final OptionTable TABLE = OptionTable.of(
            SigningOptions.GROUP,
            OptionTable.Group.of(
                    "Mailet",
                    ConfigurationLoader.CONF_FILE,
                    ConfigurationLoader.INCLUDE,
                    REJECT_ERROR,
                    CONVERT_TO_7BIT,
                    ConfigurationLoader.STRICT,
                    SIGN_AUTHORS));

    /** The names of the parameters: lower case, with underscores. */
    static final Set<String> NAMES = TABLE.names();

    /** Parameters that are on when they have no value, as a flag of a conf file is. */
    private static final Set<String> FLAGS = Set.of(
            REJECT_ERROR.name(),
            CONVERT_TO_7BIT.name(),
            ConfigurationLoader.STRICT.name(),
            SigningOptions.OVERSIGN.name());

    private static final String ON = "1";
    private static final Pattern WORD_START = Pattern.compile("_(.)");

    /** What James's container reads itself. */
    private static final Set<String> OF_JAMES = Set.of("onMailetException", "onMatchException");

    /** The names as James's own parameters are spelled: {@code senderMap} for {@code sender_map}. */
    static final Map<String, String> CAMEL_CASE =
            NAMES.stream().collect(Collectors.toUnmodifiableMap(MailetParameters::camelCase, Function.identity()));

    private MailetParameters() {}

    /**
     * Reads them, by their names or these in camel case. An unknown parameter is an error, since its mail would go out unsigned,
     * and a warning where {@code strict} is off.
     *
     * <p>James joins elements of one name with commas. The parser of signatures takes that for a list, as it does a list in one
     * element; of anything else there can be but one.
     */
    static Parsed<List<ConfOption>> read(MailetConfig config) {
        List<ConfOption> options = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        Set<String> written = new TreeSet<>();
        for (Iterator<String> names = config.getInitParameterNames(); names.hasNext(); ) {
            written.add(names.next());
        }
        written.removeAll(OF_JAMES);
        Set<String> seen = new HashSet<>();
        boolean isLenient = isOff(config.getInitParameter(ConfigurationLoader.STRICT.name()));
        for (String name : written) {
            String source = "parameter " + name;
            String canonical = CAMEL_CASE.getOrDefault(name, ConfFile.canonicalName(name));
            Optional<String> value = Optional.ofNullable(config.getInitParameter(name))
                    .map(String::strip)
                    .map(text -> text.isEmpty() && FLAGS.contains(canonical) ? ON : text);
            SourceText nameFragment = SourceText.of(source, name);
            if (!NAMES.contains(canonical)) {
                problems.add(unknown(nameFragment, canonical, isLenient));
            } else if (!seen.add(canonical)) {
                problems.add(nameFragment.error(
                        "parameter " + Problem.quoted(name) + ", another spelling of one that is given",
                        "each parameter once"));
            } else if (value.isEmpty() || value.get().isEmpty()) {
                problems.add(
                        nameFragment.warning("parameter " + name + " without a value", "a value (it has no effect)"));
            } else {
                options.add(new ConfOption(canonical, nameFragment, SourceText.of(source, value.get())));
            }
        }
        return new Parsed<>(options, problems);
    }

    private static Problem unknown(SourceText name, String canonical, boolean isLenient) {
        String found = "parameter " + Problem.quoted(name.text());
        String expected = NearestName.of(canonical, NAMES).map(Problem::quoted).orElse("the name of an option");
        return isLenient ? name.warning(found + " (it has no effect)", expected) : name.error(found, expected);
    }

    private static boolean isOff(@Nullable String strict) {
        return strict != null && Flag.ofWord(strict.strip()).equals(Optional.of(Flag.OFF));
    }

    private static String camelCase(String name) {
        return WORD_START.matcher(name).replaceAll(start -> start.group(1).toUpperCase(Locale.ROOT));
    }
}
