package org.dkimproxy.interop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What verifiers cannot judge through no fault of the signature.
 *
 * <p>The table is checked both ways: a judgement that it covers must not pass, and every row must be needed. Each row was
 * shown to be the verifier's own limit with signatures that are not ours; see {@link VerifierLimitsIT}.
 *
 * <p>A limit belongs to the versions of a verifier up to the one that it was seen in. A newer version may have lost it: a pass is
 * then good news, which is printed, and a refusal is still covered.
 */
final class KnownLimits {
    /** Every message. */
    private static final String ANY = ".*";

    private static final Seen MAIL_DKIM = new Seen("Mail::DKIM", "1.20230212");
    private static final Seen DKIMPY = new Seen("dkimpy", "1.1.4");
    private static final Seen JDKIM = new Seen("jdkim", "0.5");
    private static final Seen OPENDKIM = new Seen("OpenDKIM", "2.11.0");

    private static final List<Limit> LIMITS = List.of(
            limit(List.of(MAIL_DKIM), ANY, "dkim ed25519-sha256 .*", "it knows no algorithm but RSA"),
            limit(List.of(JDKIM), ANY, "dkim ed25519-sha256 .*", "jDKIM 0.5 knows no algorithm but RSA"),
            limit(List.of(DKIMPY, JDKIM, OPENDKIM), ANY, "dkim .* nowsp.*", "nowsp left the drafts before RFC 4871"),
            limit(List.of(DKIMPY, JDKIM, OPENDKIM), ANY, "domainkeys .*", "it knows DKIM only, not DomainKeys"),
            limit(
                    List.of(MAIL_DKIM),
                    "folded-author|multiple-mailboxes",
                    "domainkeys .*",
                    "for DomainKeys it cannot find the author in a From field of several lines"),
            limit(
                    List.of(MAIL_DKIM),
                    "route-address",
                    "domainkeys .*",
                    "for DomainKeys it cannot find the author in an address with a route (RFC 5322 section 4.4)"),
            limit(
                    List.of(DKIMPY),
                    "blank-before-colon|tab-before-colon",
                    "dkim .*",
                    "it reads no message that has a blank between a name and its colon"),
            limit(
                    List.of(JDKIM),
                    "no-blank-line-.*|no-body|(one|two|five)-blank-lines?|only-a-blank|only-blanks|unterminated-header",
                    "dkim .*/relaxed",
                    "it hashes CRLF for an empty body, where RFC 6376 section 3.4.4 hashes nothing"),
            limit(
                    List.of(JDKIM),
                    "header-line-of-30000",
                    "dkim .*",
                    "mime4j reads header lines of up to 10,000 octets"),
            limit(
                    List.of(JDKIM),
                    "latin1-(subject|nbsp-at-ends|display-name)",
                    "dkim .*",
                    "it turns the header into text and loses what is not UTF-8"),
            limit(
                    List.of(OPENDKIM),
                    "(no-blank|many-blanks|fold)-after-colon.*|fold-only-blanks|empty-values|folded-author|angle-only"
                            + "|list-id-odd",
                    "dkim .* simple/.*",
                    "its test mode puts one blank in the place of whatever stands after the colon"),
            limit(List.of(OPENDKIM), "tab-before-colon", "dkim .*", "its test mode ends at a tab before a colon"));

    private KnownLimits() {}

    /**
     * A verifier that has a limit.
     *
     * @param verifier {@link ForeignVerifier#name}
     * @param version the newest that the limit was seen in
     */
    record Seen(String verifier, String version) {
        private boolean isOlderThan(Judged judged) {
            return Arrays.compare(numbers(version), numbers(judged.version())) < 0;
        }

        private static int[] numbers(String version) {
            return Arrays.stream(version.split("\\D+"))
                    .filter(number -> !number.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
        }
    }

    /**
     * One row.
     *
     * @param seen the verifiers that have the limit
     * @param message pattern of {@link Mail#name}
     * @param kind pattern of {@link SignatureKind#label}
     * @param why one sentence
     */
    record Limit(List<Seen> seen, Pattern message, Pattern kind, String why) {
        boolean isOf(String verifier) {
            return seen.stream().anyMatch(one -> one.verifier().equals(verifier));
        }

        boolean covers(Judged judged) {
            return isOf(judged.verifier())
                    && message.matcher(judged.message()).matches()
                    && kind.matcher(judged.kind().label()).matches();
        }

        /** Whether the verifier is newer than any that this limit was seen in. */
        private boolean isOlderThan(Judged judged) {
            return seen.stream()
                    .filter(one -> one.verifier().equals(judged.verifier()))
                    .allMatch(one -> one.isOlderThan(judged));
        }

        @Override
        public String toString() {
            return seen + " cannot judge [" + kind + "] of message [" + message + "]: " + why;
        }
    }

    /** One verdict of one verifier. */
    record Judged(String verifier, String version, String message, SignatureKind kind, Verdict verdict) {
        @Override
        public String toString() {
            return verifier + " " + version + " on " + message + ", " + kind.label() + ": " + verdict.result() + ", "
                    + verdict.detail();
        }
    }

    private static Limit limit(List<Seen> seen, String message, String kind, String why) {
        return new Limit(seen, Pattern.compile(message), Pattern.compile(kind), why);
    }

    static List<Limit> table() {
        return LIMITS;
    }

    private static Optional<Limit> of(Judged judged) {
        return LIMITS.stream().filter(limit -> limit.covers(judged)).findFirst();
    }

    /** All verdicts that one verifier owes for a batch. */
    static List<Judged> judged(ForeignVerifier verifier, List<Signed> batch, Map<String, Map<String, Verdict>> verdicts)
            throws IOException {
        String version = verifier.version();
        List<Judged> all = new ArrayList<>();
        for (Signed signed : batch) {
            Map<String, Verdict> ofMessage = verdicts.getOrDefault(signed.name(), Map.of());
            for (SignatureKind kind : signed.kinds()) {
                Verdict verdict = ofMessage.getOrDefault(kind.selector(), Verdict.SILENCE);
                all.add(new Judged(verifier.name(), version, signed.name(), kind, verdict));
            }
        }
        return all;
    }

    /** What contradicts the table: refusals that it does not cover, and passes of versions that have the limit. */
    static List<Judged> surprises(List<Judged> judged) {
        return judged.stream()
                .filter(one -> one.verdict().passes() ? isLimited(one) : of(one).isEmpty())
                .toList();
    }

    private static boolean isLimited(Judged judged) {
        return of(judged).filter(limit -> !limit.isOlderThan(judged)).isPresent();
    }

    /** The limits that a newer version has lost, wholly or for some messages. */
    static Set<Limit> lost(List<Judged> judged) {
        return judged.stream()
                .filter(one -> one.verdict().passes() && !isLimited(one))
                .flatMap(one -> of(one).stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The rows for one verifier that none of its verdicts needed. */
    static List<Limit> needless(String verifier, List<Judged> judged) {
        return LIMITS.stream()
                .filter(limit -> limit.isOf(verifier))
                .filter(limit -> judged.stream()
                        .noneMatch(one -> of(one).filter(limit::equals).isPresent()))
                .toList();
    }
}
