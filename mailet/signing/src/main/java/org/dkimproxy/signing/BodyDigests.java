package org.dkimproxy.signing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dkimproxy.sendermap.Algorithm;
import org.dkimproxy.sendermap.DkimMethod;
import org.dkimproxy.sendermap.DomainKeysMethod;
import org.dkimproxy.signing.canonical.BodyCanonicalizer;
import org.dkimproxy.signing.canonical.BodyCanonicalizer.EmptyBody;
import org.dkimproxy.signing.canonical.OctetSink;

/** Feeds a body, once, to every canonicalization that a message's signatures need, and each of those to its digests. */
final class BodyDigests {
    private static final byte[] SEPARATOR = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Map<DkimMethod.Part, Map<String, BodyHash>> dkim = new EnumMap<>(DkimMethod.Part.class);
    private final Map<DomainKeysMethod, List<OctetSink>> domainKeys = new EnumMap<>(DomainKeysMethod.class);
    private final List<BodyCanonicalizer> canonicalizers = new ArrayList<>();

    /** A body hash in the making, shared by all signatures with its canonicalization and digest (RFC 6376 section 3.7). */
    static final class BodyHash {
        private final MessageDigest digest;
        private byte @org.jspecify.annotations.Nullable [] value;

        private BodyHash(MessageDigest digest) {
            this.digest = digest;
        }

        /** The hash; the body must have ended. */
        byte[] value() {
            byte[] known = value;
            if (known == null) {
                known = digest.digest();
                value = known;
            }
            return known;
        }
    }

    /** Asks for a body hash; before {@link #begin}. */
    BodyHash hash(DkimMethod.Part canonicalization, Algorithm algorithm) {
        String digest = algorithm == Algorithm.RSA_SHA1 ? "SHA-1" : "SHA-256";
        return dkim.computeIfAbsent(canonicalization, part -> new LinkedHashMap<>())
                .computeIfAbsent(digest, name -> new BodyHash(newDigest(name)));
    }

    /** Asks for the body, with the empty line before it, to be fed to a DomainKeys signature; before {@link #begin}. */
    void feed(DomainKeysMethod canonicalization, OctetSink signature) {
        domainKeys
                .computeIfAbsent(canonicalization, method -> new ArrayList<>())
                .add(signature);
    }

    /** All has been asked for: the body may come. */
    void begin() {
        dkim.forEach((part, hashes) -> canonicalizers.add(canonicalizer(
                part,
                fanOut(hashes.values().stream()
                        .map(hash -> (OctetSink) hash.digest::update)
                        .toList()))));
        domainKeys.forEach(
                (method, signatures) -> canonicalizers.add(begun(canonicalizer(method, fanOut(signatures)))));
    }

    void update(byte[] buffer, int offset, int length) {
        for (BodyCanonicalizer canonicalizer : canonicalizers) {
            canonicalizer.update(buffer, offset, length);
        }
    }

    void finish() {
        canonicalizers.forEach(BodyCanonicalizer::finish);
    }

    private static BodyCanonicalizer canonicalizer(DkimMethod.Part part, OctetSink sink) {
        return switch (part) {
            case SIMPLE -> BodyCanonicalizer.simple(EmptyBody.ONE_LINE_END, sink);
            case RELAXED -> BodyCanonicalizer.relaxed(sink);
            case NOWSP -> BodyCanonicalizer.nowsp(sink);
        };
    }

    private static BodyCanonicalizer canonicalizer(DomainKeysMethod method, OctetSink sink) {
        return switch (method) {
            case SIMPLE -> BodyCanonicalizer.simple(EmptyBody.NOTHING, sink);
            case NOFWS -> BodyCanonicalizer.nofws(sink);
        };
    }

    /** To DomainKeys the empty line after the header is one of the lines that count only when text follows. */
    private static BodyCanonicalizer begun(BodyCanonicalizer canonicalizer) {
        canonicalizer.update(SEPARATOR, 0, SEPARATOR.length);
        return canonicalizer;
    }

    private static OctetSink fanOut(List<OctetSink> sinks) {
        if (sinks.size() == 1) {
            return sinks.getFirst();
        }
        OctetSink[] all = sinks.toArray(OctetSink[]::new);
        return (buffer, offset, length) -> {
            for (OctetSink sink : all) {
                sink.write(buffer, offset, length);
            }
        };
    }

    private static MessageDigest newDigest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has " + name, impossible);
        }
    }
}
