package org.dkimproxy.sendermap.dkim;

import java.util.List;
import org.dkimproxy.sendermap.text.Flag;
import org.dkimproxy.sendermap.text.Parsed;
import org.dkimproxy.sendermap.text.Problems;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.sendermap.text.SourceText;

/**
 * Reads signature specifications: the right-hand sides of maps, and the option {@code signature}.
 *
 * <pre>
 * specifications = [ specification *( "," specification ) ]       ; none: no signature
 * specification  = type [ "(" [ parameter *( "," parameter ) ] ")" ]
 * type           = "dkim" / "domainkeys"
 * parameter      = name "=" value
 * name           = "key"  / "keyfile"    ; private key file
 *                / "a"    / "algorithm"  ; rsa-sha256, ed25519-sha256, rsa-sha1
 *                / "c"    / "method"     ; dkim: relaxed, simple, nowsp, or two as in relaxed/simple
 *                                        ; domainkeys: nofws, simple
 *                / "d"    / "domain"     ; signing domain; macros allowed
 *                / "s"    / "selector"
 *                / "i"    / "identity"   ; user or agent; macros allowed
 *                / "h"    / "headers"    ; names of the fields to sign, with colons between
 *                / "x"                   ; seconds from signing to expiry, 1 to 2147483648
 *                / "t"                   ; whether to write the time, a word of {@link Flag}
 * value          = 1*( any character but "(", ")" and "," )
 * </pre>
 *
 * <p>Blanks around commas, names and values do not count, but there is none between the type and its parenthesis. Types, names and the words among
 * the values have any case. For macros see {@link MacroTemplate}. Domains and selectors may hold U-labels; they are turned into A-labels
 * (RFC 8616).
 *
 * <p>An example: {@code dkim(c=relaxed,d=example.org,key=/etc/dkim/example.pem,s=mail), domainkeys(c=nofws)}
 */
public final class SignatureSpecifications {
    private SignatureSpecifications() {}

    /**
     * Reads the specifications of one fragment. Empty text gives an empty list.
     *
     * <p>What would make signing fail is an {@link Severity#ERROR}; what has no effect, or is unwise, is a {@link Severity#WARNING}. A
     * specification with an error is in the value as far as it could be understood. A value has at most 100 specifications.
     */
    public static Parsed<List<SignatureSpecification>> parse(SourceText fragment) {
        Problems problems = new Problems();
        List<SignatureSpecification> specifications = new SpecificationParser(fragment, problems).parse();
        return new Parsed<>(specifications, problems.toList());
    }
}
