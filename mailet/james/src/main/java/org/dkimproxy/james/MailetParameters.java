package org.dkimproxy.james;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.mailet.MailetConfig;
import org.dkimproxy.sendermap.Checked;
import org.dkimproxy.sendermap.ConfFile;
import org.dkimproxy.sendermap.ConfOption;
import org.dkimproxy.sendermap.NearestName;
import org.dkimproxy.sendermap.Problem;
import org.dkimproxy.sendermap.SourceFragment;
import org.dkimproxy.signing.SigningOptions;

/** The parameters in {@code mailetcontainer.xml}, as the options of dkimproxy that they are. */
final class MailetParameters {
    static final String CONF_FILE = "conf_file";
    static final String REJECT_ERROR = "reject_error";
    static final String CONVERT_TO_7BIT = "convert_to_7bit";
    static final String STRICT = "strict";

    /** The mailet's own and those of the signing group: lower case, with underscores. */
    static final Set<String> NAMES = Stream.concat(
                    SigningOptions.names().stream(), Stream.of(CONF_FILE, REJECT_ERROR, CONVERT_TO_7BIT, STRICT))
            .collect(Collectors.toUnmodifiableSet());

    /** Those that are on when they have no value, as they are in a conf file. */
    private static final Set<String> FLAGS = Set.of(REJECT_ERROR, CONVERT_TO_7BIT, STRICT, "oversign");

    private static final String ON = "1";

    /** What James's container reads itself. */
    private static final Set<String> OF_JAMES = Set.of("onMailetException", "onMatchException");

    private MailetParameters() {}

    /**
     * Reads them. All problems are warnings.
     *
     * <p>James joins elements of one name with commas. The parser of signatures takes that for a list, as it does a list in one
     * element; of anything else there can be but one.
     */
    static Checked<List<ConfOption>> read(MailetConfig config) {
        List<ConfOption> options = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        Set<String> written = new TreeSet<>();
        for (Iterator<String> names = config.getInitParameterNames(); names.hasNext(); ) {
            written.add(names.next());
        }
        written.removeAll(OF_JAMES);
        for (String name : written) {
            String source = "parameter " + name;
            String canonical = ConfFile.canonicalName(name);
            Optional<String> value = Optional.ofNullable(config.getInitParameter(name))
                    .map(String::strip)
                    .map(text -> text.isEmpty() && FLAGS.contains(canonical) ? ON : text);
            SourceFragment nameFragment = SourceFragment.of(source, name);
            if (!NAMES.contains(canonical)) {
                problems.add(nameFragment.warning(
                        "parameter " + Problem.quoted(name) + " (it has no effect)",
                        NearestName.of(canonical, NAMES).map(Problem::quoted).orElse("the name of an option")));
            } else if (value.isEmpty() || value.get().isEmpty()) {
                problems.add(
                        nameFragment.warning("parameter " + name + " without a value", "a value (it has no effect)"));
            } else {
                options.add(new ConfOption(canonical, nameFragment, SourceFragment.of(source, value.get())));
            }
        }
        return new Checked<>(options, problems);
    }
}
