package org.dkimproxy.sendermap.dkim;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.text.Ascii;
import org.dkimproxy.sendermap.text.NearestName;

/** The parameters of a signature specification, with the words that problems use for them. */
public enum Parameter {
    KEY("key", "keyfile", "key file", "the path of a private key file"),
    A("a", "algorithm", "algorithm", "\"rsa-sha256\", \"ed25519-sha256\" or \"rsa-sha1\""),
    C("c", "method", "method", "\"relaxed\", \"simple\" or \"nowsp\", or two of them as in \"relaxed/simple\""),
    D("d", "domain", "domain", "a domain name such as \"example.org\""),
    S("s", "selector", "selector", "labels of letters, digits, hyphens and underscores, with dots between"),
    I("i", "identity", "identity", "an address or \"@\" and a domain name, such as \"@example.org\""),
    H("h", "headers", "field name", "field names with colons between, such as \"from:to:subject\""),
    X("x", "x", "expiry", "whole seconds from 1 to 2147483648"),
    T("t", "t", "timestamp", "\"on\" or \"off\"");

    private static final Map<String, Parameter> BY_NAME = Arrays.stream(values())
            .flatMap(parameter -> parameter.names().map(name -> Map.entry(name, parameter)))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private static final String SHORT_NAMES =
            Arrays.stream(values()).map(parameter -> parameter.shortName).collect(Collectors.joining(", "));

    private final String shortName;
    private final String longName;
    private final String noun;
    private final String form;

    Parameter(String shortName, String longName, String noun, String form) {
        this.shortName = shortName;
        this.longName = longName;
        this.noun = noun;
        this.form = form;
    }

    /** The parameter of this name or alias, without regard to case. */
    public static Optional<Parameter> named(String name) {
        return Optional.ofNullable(BY_NAME.get(Ascii.lower(name)));
    }

    /** The hint for an unknown name. */
    static String nearest(String name) {
        return NearestName.of(name, BY_NAME.keySet())
                .map(nearest -> "\"" + nearest + "\"")
                .orElse("one of " + SHORT_NAMES);
    }

    private Stream<String> names() {
        return Stream.of(shortName, longName).distinct();
    }

    /** What its value is called. */
    String noun() {
        return noun;
    }

    /** What its value looks like. */
    String form(SignatureType type) {
        if (type == SignatureType.DOMAINKEYS && this == C) {
            return "\"nofws\" or \"simple\"";
        }
        if (type == SignatureType.DOMAINKEYS && this == A) {
            return "\"rsa-sha1\", the only algorithm of domainkeys";
        }
        return form;
    }
}
