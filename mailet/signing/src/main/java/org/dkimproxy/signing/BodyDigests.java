package org.dkimproxy.signing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.sendermap.dkim.Algorithm;
import org.dkimproxy.sendermap.dkim.DkimMethod;
import org.dkimproxy.sendermap.dkim.DomainKeysMethod;
import org.dkimproxy.signing.canonical.BodyCanonicalizer;
import org.dkimproxy.signing.canonical.BodyCanonicalizer.EmptyBody;
import org.dkimproxy.signing.canonical.OctetSink;
import org.dkimproxy.signing.key.Digest;

/** Feeds a body, once, to every canonicalization that a message's signatures need, and each of those to its digests. */
final class BodyDigests {
    private static final byte[] SEPARATOR = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final List<Form> FORMS = List.of(Form.values());

    private final List<BodyHash> hashes = new ArrayList<>(1);
    private final List<Feed> feeds = new ArrayList<>(1);
    private final List<BodyCanonicalizer> canonicalizers = new ArrayList<>(1);

    /** What becomes of a body before it is digested. */
    private enum Form {
        SIMPLE,
        RELAXED,
        NOWSP,
        DOMAINKEYS_SIMPLE,
        DOMAINKEYS_NOFWS;

        static Form of(DkimMethod.Part part) {
            return switch (part) {
                case SIMPLE -> SIMPLE;
                case RELAXED -> RELAXED;
                case NOWSP -> NOWSP;
            };
        }

        static Form of(DomainKeysMethod method) {
            return switch (method) {
                case SIMPLE -> DOMAINKEYS_SIMPLE;
                case NOFWS -> DOMAINKEYS_NOFWS;
            };
        }

        BodyCanonicalizer canonicalizer(OctetSink<RuntimeException> sink) {
            return switch (this) {
                case SIMPLE -> BodyCanonicalizer.simple(EmptyBody.ONE_LINE_END, sink);
                case RELAXED -> BodyCanonicalizer.relaxed(sink);
                case NOWSP -> BodyCanonicalizer.nowsp(sink);
                case DOMAINKEYS_SIMPLE -> begun(BodyCanonicalizer.simple(EmptyBody.NOTHING, sink));
                case DOMAINKEYS_NOFWS -> begun(BodyCanonicalizer.nofws(sink));
            };
        }

        /** To DomainKeys the empty line after the header is one of the lines that count only when text follows. */
        private static BodyCanonicalizer begun(BodyCanonicalizer canonicalizer) {
            canonicalizer.update(SEPARATOR, 0, SEPARATOR.length);
            return canonicalizer;
        }
    }

    private record Feed(Form form, OctetSink<RuntimeException> sink) {}

    /** A body hash in the making, shared by all signatures with its canonicalization and digest (RFC 6376 section 3.7). */
    static final class BodyHash {
        private final Form form;
        private final Digest kind;
        private final MessageDigest digest;
        private byte @org.jspecify.annotations.Nullable [] value;

        private BodyHash(Form form, Digest kind) {
            this.form = form;
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
        Form form = Form.of(canonicalization);
        Digest kind = Digest.of(algorithm);
        for (BodyHash hash : hashes) {
            if (hash.form == form && hash.kind == kind) {
                return hash;
            }
        }
        BodyHash hash = new BodyHash(form, kind);
        hashes.add(hash);
        feeds.add(new Feed(form, hash.digest::update));
        return hash;
    }

    /** Asks for the body, with the empty line before it, to be fed to a DomainKeys signature; before {@link #begin}. */
    void feed(DomainKeysMethod canonicalization, OctetSink<RuntimeException> signature) {
        feeds.add(new Feed(Form.of(canonicalization), signature));
    }

    /** All has been asked for: the body may come. */
    void begin() {
        for (Form form : FORMS) {
            List<OctetSink<RuntimeException>> sinks = new ArrayList<>(1);
            for (Feed feed : feeds) {
                if (feed.form == form) {
                    sinks.add(feed.sink);
                }
            }
            if (!sinks.isEmpty()) {
                canonicalizers.add(form.canonicalizer(fanOut(sinks)));
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

    private static OctetSink<RuntimeException> fanOut(List<OctetSink<RuntimeException>> sinks) {
        if (sinks.size() == 1) {
            return sinks.getFirst();
        }
        return (buffer, offset, length) -> {
            for (OctetSink<RuntimeException> sink : sinks) {
                sink.write(buffer, offset, length);
            }
        };
    }
}
