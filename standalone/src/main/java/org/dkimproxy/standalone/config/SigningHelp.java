package org.dkimproxy.standalone.config;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the usage says of the engine's options. The engine decides which there are; here are only words. */
final class SigningHelp {
    private record Words(String argument, String defaultText, String help) {}

    private static final Map<String, Words> WORDS = words();

    /** The order of the usage; names without words come last, by name. */
    static final Comparator<String> ORDER =
            Comparator.<String>comparingInt(SigningHelp::rank).thenComparing(Comparator.naturalOrder());

    private SigningHelp() {}

    static String argument(String name) {
        return find(name).map(Words::argument).orElse("VALUE");
    }

    static String defaultText(String name) {
        return find(name).map(Words::defaultText).orElse("");
    }

    static String help(String name) {
        return find(name).map(Words::help).orElse("see the manual");
    }

    static boolean isDescribed(String name) {
        return WORDS.containsKey(name);
    }

    private static Optional<Words> find(String name) {
        return Optional.ofNullable(WORDS.get(name));
    }

    private static int rank(String name) {
        int rank = List.copyOf(WORDS.keySet()).indexOf(name);
        return rank < 0 ? WORDS.size() : rank;
    }

    private static Map<String, Words> words() {
        Map<String, Words> words = new LinkedHashMap<>();
        words.put("domain", new Words("NAMES", "", "domains to sign for, with commas between; one signs all mail"));
        words.put("sender_map", new Words("FILE", "", "which signature for which sender"));
        words.put("listid_map", new Words("FILE", "", "which signature for which mailing list"));
        words.put("signature", new Words("TYPE(...)", "dkim", "a signature to make, such as dkim(c=relaxed)"));
        words.put("keyfile", new Words("FILE", "", "private key, PEM"));
        words.put("selector", new Words("NAME", "", "selector, s="));
        words.put("method", new Words("METHOD", "relaxed, nofws", "canonicalization, c="));
        words.put("dkim_method", new Words("METHOD", "relaxed", "canonicalization of DKIM signatures"));
        words.put("domainkeys_method", new Words("METHOD", "nofws", "canonicalization of DomainKeys signatures"));
        words.put("identity", new Words("ADDRESS", "", "identity, i="));
        words.put("key_passphrase_file", new Words("FILE", "", "file whose first line opens encrypted keys"));
        words.put("originator", new Words("sender|from", "sender", "sign for Sender before From, or for From only"));
        words.put("oversign", new Words("off|on|extended", "on", "name fields once more than they occur"));
        words.put(
                "compat",
                new Words("dkimproxy-1.4", "", "the defaults of dkimproxy 1.4: rsa-sha1, its list of fields"));
        return words;
    }
}
