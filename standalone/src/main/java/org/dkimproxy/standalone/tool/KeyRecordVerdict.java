package org.dkimproxy.standalone.tool;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.james.jdkim.tagvalue.PublicKeyRecordImpl;
import org.dkimproxy.sendermap.dkim.Algorithm;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.signing.key.PublishedKey;

/**
 * Whether a receiver that finds these records accepts what a key signs (RFC 6376 section 6.1.2).
 *
 * @param severity empty if it does
 * @param text in a few words
 */
record KeyRecordVerdict(Optional<Severity> severity, String text) {
    private static final KeyRecordVerdict FITS = new KeyRecordVerdict(Optional.empty(), "the record fits the key");
    private static final int ED25519_OCTETS = 32;

    /** @param records each TXT record with its strings joined */
    static KeyRecordVerdict of(List<String> records, PublishedKey key, Algorithm algorithm) {
        if (records.isEmpty()) {
            return error("no record");
        }
        List<KeyRecordVerdict> verdicts =
                records.stream().map(text -> ofOne(text, key, algorithm)).toList();
        if (records.size() == 1) {
            return verdicts.getFirst();
        }
        boolean oneFits =
                verdicts.stream().anyMatch(verdict -> verdict.severity().isEmpty());
        // which of several a receiver takes is undefined (RFC 6376 section 3.6.2.2)
        return new KeyRecordVerdict(
                Optional.of(oneFits ? Severity.WARNING : Severity.ERROR),
                records.size() + " records, of which " + (oneFits ? "one fits the key" : "none fits the key")
                        + "; leave only the one of the key");
    }

    private static KeyRecordVerdict ofOne(String text, PublishedKey key, Algorithm algorithm) {
        if (text.indexOf('"') >= 0) {
            return error("the record has quotation marks in it, which are part of the zone file and not of the record");
        }
        try {
            KeyRecord record = new KeyRecord(text);
            if (record.tag("p").isEmpty()) {
                return error(
                        record.getTags().contains("p")
                                ? "the key is revoked (p= is empty)"
                                : "not a key record: it has no p=");
            }
            record.validate();
            return ofValid(record, key, algorithm);
        } catch (IllegalStateException malformed) {
            return error("not a key record: " + malformed.getMessage());
        }
    }

    private static KeyRecordVerdict ofValid(KeyRecord record, PublishedKey key, Algorithm algorithm) {
        if (!record.isKeyTypeSupported(key.type())) {
            return error("a key of type " + Problem.quoted(record.tag("k")) + ", while the key file has " + key.type());
        }
        Optional<KeyRecordVerdict> other = difference(record.tag("p"), key);
        if (other.isPresent()) {
            return other.get();
        }
        String hash = algorithm.tag().substring(algorithm.tag().indexOf('-') + 1);
        if (!record.isHashMethodSupported(hash)) {
            return error("h=" + record.tag("h") + " does not allow " + algorithm.tag());
        }
        List<String> services = List.of(record.tag("s").toLowerCase(Locale.ROOT).split(":", -1));
        if (!services.contains("*") && !services.contains("email")) {
            return error("s=" + record.tag("s") + " does not allow mail");
        }
        return record.isTesting()
                ? new KeyRecordVerdict(
                        Optional.of(Severity.WARNING),
                        "the record fits the key, but t=y tells receivers to treat the mail as unsigned")
                : FITS;
    }

    private static Optional<KeyRecordVerdict> difference(String published, PublishedKey key) {
        if (published.equals(key.data())) {
            return Optional.empty();
        }
        if (!published.isEmpty() && key.data().startsWith(published)) {
            return Optional.of(error("the record is cut off: p= has " + published.length() + " of "
                    + key.data().length() + " characters (a string has at most 255; split it)"));
        }
        byte[] octets;
        try {
            octets = Base64.getDecoder().decode(published);
        } catch (IllegalArgumentException malformed) {
            return Optional.of(error("not a key record: p= is not base64"));
        }
        boolean plausible = !key.type().equals("ed25519") || octets.length == ED25519_OCTETS;
        return Optional.of(error(
                plausible
                        ? "the record has another key"
                        : "not a key record: p= has " + octets.length + " octets, an Ed25519 key " + ED25519_OCTETS));
    }

    private static KeyRecordVerdict error(String text) {
        return new KeyRecordVerdict(Optional.of(Severity.ERROR), text);
    }

    /** A record whose tags can be asked for. */
    private static final class KeyRecord extends PublicKeyRecordImpl {
        KeyRecord(String text) {
            super(text);
        }

        /** The value without white space, or the default; empty if there is neither. */
        String tag(String name) {
            CharSequence value = getTags().contains(name) ? getValue(name) : getDefault(name);
            return value == null ? "" : value.toString().replaceAll("\\s", "");
        }
    }
}
