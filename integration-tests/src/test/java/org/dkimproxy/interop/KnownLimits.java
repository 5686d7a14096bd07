package org.dkimproxy.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What verifiers cannot judge through no fault of the signature.
 *
 * <p>The table is checked both ways: a judgement that it covers must not pass, and every row must be needed. Each row was
 * shown to be the verifier's own limit with signatures that are not ours; see {@link VerifierLimitsIT}.
 */
final class KnownLimits {
    /** Every message. */
    private static final String ANY = ".*";

    private static final List<Limit> LIMITS = List.of(
            limit("Mail::DKIM", ANY, "dkim ed25519-sha256 .*", "it knows no algorithm but RSA"),
            limit("jdkim", ANY, "dkim ed25519-sha256 .*", "jDKIM 0.5 knows no algorithm but RSA"),
            limit("dkimpy|jdkim|OpenDKIM", ANY, "dkim .* nowsp.*", "nowsp left the drafts before RFC 4871"),
            limit("dkimpy|jdkim|OpenDKIM", ANY, "domainkeys .*", "it knows DKIM only, not DomainKeys"),
            limit(
                    "Mail::DKIM",
                    "folded-author|multiple-mailboxes",
                    "domainkeys .*",
                    "for DomainKeys it cannot find the author in a From field of several lines"),
            limit(
                    "Mail::DKIM",
                    "route-address",
                    "domainkeys .*",
                    "for DomainKeys it cannot find the author in an address with a route (RFC 5322 section 4.4)"),
            limit(
                    "dkimpy",
                    "blank-before-colon|tab-before-colon",
                    "dkim .*",
                    "it reads no message that has a blank between a name and its colon"),
            limit(
                    "jdkim",
                    "no-blank-line-.*|no-body|(one|two|five)-blank-lines?|only-a-blank|only-blanks|unterminated-header",
                    "dkim .*/relaxed",
                    "it hashes CRLF for an empty body, where RFC 6376 section 3.4.4 hashes nothing"),
            limit("jdkim", "header-line-of-30000", "dkim .*", "mime4j reads header lines of up to 10,000 octets"),
            limit(
                    "jdkim",
                    "latin1-(subject|nbsp-at-ends|display-name)",
                    "dkim .*",
                    "it turns the header into text and loses what is not UTF-8"),
            limit(
                    "OpenDKIM",
                    "(no-blank|many-blanks|fold)-after-colon.*|fold-only-blanks|empty-values|folded-author|angle-only"
                            + "|list-id-odd",
                    "dkim .* simple/.*",
                    "its test mode puts one blank in the place of whatever stands after the colon"),
            limit("OpenDKIM", "tab-before-colon", "dkim .*", "its test mode ends at a tab before a colon"));

    private KnownLimits() {}

    /**
     * One row.
     *
     * @param verifier pattern of {@link ForeignVerifier#name}
     * @param message pattern of {@link Mail#name}
     * @param kind pattern of {@link SignatureKind#label}
     * @param why one sentence
     */
    record Limit(Pattern verifier, Pattern message, Pattern kind, String why) {
        boolean covers(Judged judged) {
            return verifier.matcher(judged.verifier()).matches()
                    && message.matcher(judged.message()).matches()
                    && kind.matcher(judged.kind().label()).matches();
        }

        @Override
        public String toString() {
            return verifier + " cannot judge [" + kind + "] of message [" + message + "]: " + why;
        }
    }

    /** One verdict of one verifier. */
    record Judged(String verifier, String message, SignatureKind kind, Verdict verdict) {
        @Override
        public String toString() {
            return verifier + " on " + message + ", " + kind.label() + ": " + verdict.result() + ", "
                    + verdict.detail();
        }
    }

    private static Limit limit(String verifier, String message, String kind, String why) {
        return new Limit(Pattern.compile(verifier), Pattern.compile(message), Pattern.compile(kind), why);
    }

    static List<Limit> table() {
        return LIMITS;
    }

    private static Optional<Limit> of(Judged judged) {
        return LIMITS.stream().filter(limit -> limit.covers(judged)).findFirst();
    }

    /** All verdicts that one verifier owes for a batch. */
    static List<Judged> judged(String verifier, List<Signed> batch, Map<String, Map<String, Verdict>> verdicts) {
        List<Judged> all = new ArrayList<>();
        for (Signed signed : batch) {
            Map<String, Verdict> ofMessage = verdicts.getOrDefault(signed.name(), Map.of());
            for (SignatureKind kind : signed.kinds()) {
                Verdict verdict = ofMessage.getOrDefault(kind.selector(), Verdict.SILENCE);
                all.add(new Judged(verifier, signed.name(), kind, verdict));
            }
        }
        return all;
    }

    /** What contradicts the table: refusals that it does not cover, and passes that it does. */
    static List<Judged> surprises(List<Judged> judged) {
        return judged.stream()
                .filter(one -> of(one).isPresent() == one.verdict().passes())
                .toList();
    }

    /** The rows for one verifier that none of its verdicts needed. */
    static List<Limit> needless(String verifier, List<Judged> judged) {
        return LIMITS.stream()
                .filter(limit -> limit.verifier().matcher(verifier).matches())
                .filter(limit -> judged.stream()
                        .noneMatch(one -> of(one).filter(limit::equals).isPresent()))
                .toList();
    }
}
