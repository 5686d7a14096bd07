package org.dkimproxy.standalone.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.dkimproxy.sendermap.text.Flag;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionValues;
import org.dkimproxy.standalone.access.AccessPolicy;
import org.dkimproxy.standalone.access.AddressPattern;
import org.dkimproxy.standalone.access.Network;

/**
 * Reads {@code allow}, {@code deny}, {@code cidr_allow} and {@code cidr_deny}. The expressions of old conf files are
 * Perl's; where such a one would quietly mean something else here, that is a problem.
 */
final class AccessOptions {
    private static final Pattern ONE_NETWORK = Pattern.compile("[^,\\s]+");
    private static final String EXPRESSION = "a regular expression for whole addresses, such as 192\\.0\\.2\\..*";
    private static final String NETWORK = "an address or a network, such as 192.0.2.0/24 or 2001:db8::/32";

    static final Option<List<SourceText>> ALLOW =
            Option.texts("allow", "REGEX", "whole addresses that may connect; with any list, no others may");
    static final Option<List<SourceText>> DENY =
            Option.texts("deny", "REGEX", "whole addresses that may not connect; takes precedence");
    static final Option<List<SourceText>> CIDR_ALLOW =
            Option.texts("cidr_allow", "NETWORKS", "networks that may connect, as ADDR/BITS or ADDR");
    static final Option<List<SourceText>> CIDR_DENY =
            Option.texts("cidr_deny", "NETWORKS", "networks that may not connect; takes precedence over allow");

    private final OptionValues values;

    private AccessOptions(OptionValues values) {
        this.values = values;
    }

    /** Reads the four lists; problems are left in {@code values}. */
    static AccessPolicy read(OptionValues values) {
        AccessOptions options = new AccessOptions(values);
        AccessPolicy policy = new AccessPolicy(
                options.expressions(DENY),
                options.networks(CIDR_DENY),
                options.expressions(ALLOW),
                options.networks(CIDR_ALLOW));
        options.warnOfNames(policy);
        return policy;
    }

    private List<AddressPattern> expressions(Option<List<SourceText>> option) {
        List<AddressPattern> expressions = new ArrayList<>();
        for (SourceText value : values.get(option)) {
            expression(value).map(AddressPattern::new).ifPresent(expressions::add);
        }
        return expressions;
    }

    private Optional<Pattern> expression(SourceText value) {
        String text = value.text();
        int posixClass = text.indexOf("[:");
        if (posixClass >= 0) {
            SourceText rest = value.part(posixClass, text.length());
            values.add(rest.error("a class of Perl " + Problem.quoted(rest.text()), "\\d, or ranges such as 0-9a-f"));
            return Optional.empty();
        }
        int alternative = outerAlternative(text);
        if (alternative >= 0) {
            values.add(value.part(alternative, text.length())
                    .warning(
                            "an alternative outside of brackets",
                            "brackets around all alternatives, (...|...): each is compared with the whole address"
                                    + " here, but with only its beginning or its end in dkimproxy 1.4"));
        }
        try {
            return Optional.of(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            int at = Math.clamp(e.getIndex(), 0, text.length());
            values.add(value.part(at, text.length())
                    .error(Problem.quoted(text) + " (" + e.getDescription() + ")", EXPRESSION));
            return Optional.empty();
        }
    }

    /** Where the first {@code |} stands that no bracket holds; -1 if there is none. */
    private static int outerAlternative(String expression) {
        int depth = 0;
        boolean inClass = false;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '\\') {
                i++;
            } else if (inClass) {
                inClass = c != ']';
            } else if (c == '[') {
                inClass = true;
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == '|' && depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private List<Network> networks(Option<List<SourceText>> option) {
        List<Network> networks = new ArrayList<>();
        for (SourceText value : values.get(option)) {
            Matcher each = ONE_NETWORK.matcher(value.text());
            boolean isEmpty = true;
            while (each.find()) {
                isEmpty = false;
                network(value.part(each.start(), each.end())).ifPresent(networks::add);
            }
            if (isEmpty) {
                network(value);
            }
        }
        return networks;
    }

    private Optional<Network> network(SourceText written) {
        Optional<Network> network = Network.parse(written.text());
        if (network.isEmpty()) {
            values.add(written.error(Problem.quoted(written.text()), NETWORK));
        }
        return network;
    }

    private void warnOfNames(AccessPolicy policy) {
        boolean comparesText = !policy.allow().isEmpty() || !policy.deny().isEmpty();
        Optional<SourceText> lookups = values.text(IgnoredOptions.REVERSE_LOOKUPS)
                .filter(value -> !Flag.ofWord(value.text()).equals(Optional.of(Flag.OFF)));
        if (comparesText && lookups.isPresent()) {
            values.add(lookups.get()
                    .warning(
                            "reverse_lookups, which is without effect",
                            "allow and deny for addresses only: names of clients are not looked up"));
        }
    }
}
