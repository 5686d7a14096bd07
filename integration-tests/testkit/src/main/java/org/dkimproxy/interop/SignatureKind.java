package org.dkimproxy.interop;

import java.util.ArrayList;
import java.util.List;

/**
 * A way to sign. Each has a selector of its own, by which verdicts are told apart.
 *
 * @param type {@code dkim} or {@code domainkeys}
 * @param algorithm the a= value
 * @param method the c= value
 * @param selector the s= value
 */
public record SignatureKind(String type, String algorithm, String method, String selector) {
    private static final List<String> PARTS = List.of("simple", "relaxed");

    /** What {@link KnownLimits} and reports call it. */
    String label() {
        return type + " " + algorithm + " " + method;
    }

    /** The specification that asks for it. */
    String specification(String more) {
        return type.equals("dkim")
                ? "dkim(a=" + algorithm + ",c=" + method + ",s=" + selector + more + ")"
                : "domainkeys(c=" + method + ",s=" + selector + more + ")";
    }

    static SignatureKind dkim(String algorithm, String method) {
        return new SignatureKind("dkim", algorithm, method, algorithm + "." + method.replace('/', '.'));
    }

    static SignatureKind domainKeys(String method) {
        return new SignatureKind("domainkeys", "rsa-sha1", method, "domainkeys." + method);
    }

    /** The kinds of RFC 6376 and RFC 8463: each algorithm with each pair of canonicalizations. */
    static List<SignatureKind> ofDkim() {
        List<SignatureKind> kinds = new ArrayList<>();
        for (String algorithm : List.of("rsa-sha256", "rsa-sha1", "ed25519-sha256")) {
            for (String header : PARTS) {
                for (String body : PARTS) {
                    kinds.add(dkim(algorithm, header + "/" + body));
                }
            }
        }
        return kinds;
    }

    /** All kinds, the outdated ones too. */
    static List<SignatureKind> all() {
        List<SignatureKind> kinds = new ArrayList<>(ofDkim());
        kinds.add(dkim("rsa-sha256", "nowsp"));
        kinds.add(dkim("rsa-sha1", "nowsp/nowsp"));
        kinds.add(domainKeys("simple"));
        kinds.add(domainKeys("nofws"));
        return kinds;
    }
}
