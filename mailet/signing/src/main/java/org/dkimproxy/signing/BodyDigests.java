package org.dkimproxy.signing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.sendermap.Algorithm;
import org.dkimproxy.sendermap.DkimMethod;
import org.dkimproxy.sendermap.DomainKeysMethod;
import org.dkimproxy.signing.canonical.BodyCanonicalizer;
import org.dkimproxy.signing.canonical.BodyCanonicalizer.EmptyBody;
import org.dkimproxy.signing.canonical.OctetSink;
import org.dkimproxy.signing.key.Digest;

/** Feeds a body, once, to every canonicalization that a message's signatures need, and each of those to its digests. */
final class BodyDigests {
    private static final byte[] SEPARATOR = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final List<DkimMethod.Part> PARTS = List.of(DkimMethod.Part.values());
    private static final List<DomainKeysMethod> DOMAIN_KEYS_METHODS = List.of(DomainKeysMethod.values());

    private final List<BodyHash> hashes = new ArrayList<>(1);
    private final List<Feed> feeds = new ArrayList<>(0);
    private final List<BodyCanonicalizer> canonicalizers = new ArrayList<>(1);

    private record Feed(DomainKeysMethod canonicalization, OctetSink signature) {}

    /** A body hash in the making, shared by all signatures with its canonicalization and digest (RFC 6376 section 3.7). */
    static final class BodyHash {
        private final DkimMethod.Part canonicalization;
        private final Digest kind;
        private final MessageDigest digest;
        private byte @org.jspecify.annotations.Nullable [] value;

        private BodyHash(DkimMethod.Part canonicalization, Digest kind) {
            this.canonicalization = canonicalization;
            this.kind = kind;
            this.digest = kind.begin();
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
        Digest kind = Digest.of(algorithm);
        for (BodyHash hash : hashes) {
            if (hash.canonicalization == canonicalization && hash.kind == kind) {
                return hash;
            }
        }
        BodyHash hash = new BodyHash(canonicalization, kind);
        hashes.add(hash);
        return hash;
    }

    /** Asks for the body, with the empty line before it, to be fed to a DomainKeys signature; before {@link #begin}. */
    void feed(DomainKeysMethod canonicalization, OctetSink signature) {
        feeds.add(new Feed(canonicalization, signature));
    }

    /** All has been asked for: the body may come. */
    void begin() {
        for (DkimMethod.Part part : PARTS) {
            List<OctetSink> sinks = new ArrayList<>(1);
            for (BodyHash hash : hashes) {
                if (hash.canonicalization == part) {
                    sinks.add(hash.digest::update);
                }
            }
            if (!sinks.isEmpty()) {
                canonicalizers.add(canonicalizer(part, fanOut(sinks)));
            }
        }
        for (DomainKeysMethod method : DOMAIN_KEYS_METHODS) {
            List<OctetSink> sinks = new ArrayList<>(1);
            for (Feed feed : feeds) {
                if (feed.canonicalization == method) {
                    sinks.add(feed.signature);
                }
            }
            if (!sinks.isEmpty()) {
                canonicalizers.add(begun(canonicalizer(method, fanOut(sinks))));
            }
        }
    }

    void update(byte[] buffer, int offset, int length) {
        for (BodyCanonicalizer canonicalizer : canonicalizers) {
            canonicalizer.update(buffer, offset, length);
        }
    }

    void finish() {
        for (BodyCanonicalizer canonicalizer : canonicalizers) {
            canonicalizer.finish();
        }
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
}
