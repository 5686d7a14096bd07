package org.dkimproxy.signing;

import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.dkimproxy.sendermap.dkim.DkimMethod;
import org.dkimproxy.signing.SigningOutcome.Kind;
import org.dkimproxy.signing.canonical.HeaderCanonicalizer;
import org.dkimproxy.signing.message.HeaderFields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All signatures of one message: prepared at the end of the header, fed by one pass over the body, made all or none. */
final class SigningPass {
    private static final Logger LOG = LoggerFactory.getLogger(SigningPass.class);

    private final List<SignatureRequest> requests;
    private final List<PreparedSignature> prepared = new ArrayList<>();
    private final BodyDigests body = new BodyDigests();
    private final List<WithControl> withControls = new ArrayList<>();
    private @Nullable Covered covered;
    private @Nullable Canonical canonical;

    /** @throws SigningFailedException if any of the signatures cannot be begun */
    SigningPass(List<SignatureRequest> requests, HeaderFields header, Oversigning oversigning)
            throws SigningFailedException {
        this.requests = requests;
        for (SignatureRequest request : requests) {
            try {
                prepared.add(prepare(request, header, oversigning));
            } catch (GeneralSecurityException | ProviderException broken) {
                throw keyFailed(request, broken);
            }
        }
        // the body may take its time, and the header much memory
        covered = null;
        canonical = null;
        body.begin();
    }

    void update(byte[] buffer, int offset, int length) {
        body.update(buffer, offset, length);
    }

    /** @throws SigningFailedException if any of the signatures cannot be made */
    List<SignatureField> finish(Instant now) throws SigningFailedException {
        body.finish();
        List<SignatureField> fields = new ArrayList<>(prepared.size());
        for (int i = 0; i < prepared.size(); i++) {
            try {
                fields.add(prepared.get(i).complete(now));
            } catch (GeneralSecurityException | ProviderException broken) {
                throw keyFailed(requests.get(i), broken);
            }
        }
        return fields;
    }

    /** The DKIM signatures that cover a field with VT or FF and are not simple. */
    List<WithControl> withControls() {
        return withControls;
    }

    /**
     * A signature that covers a field with VT or FF, which a relaxed canonicalization removes or keeps, depending on the
     * verifier.
     *
     * @param field the name of that field
     * @param selector s= of the signature
     * @param method c= of the signature: simple for the header, unless the configuration gives another
     */
    record WithControl(String field, String selector, String method) {}

    private PreparedSignature prepare(SignatureRequest request, HeaderFields header, Oversigning oversigning)
            throws GeneralSecurityException, SigningFailedException {
        return switch (request.template()) {
            case SignatureTemplate.Dkim dkim -> prepareDkim(request, dkim, header, oversigning);
            case SignatureTemplate.DomainKeys domainKeys ->
                PreparedSignature.domainKeys(
                        request,
                        domainKeys,
                        CanonicalHeader.of(
                                bounded(SignedFields.inMessageOrder(header, domainKeys.fields())),
                                HeaderCanonicalizer.of(domainKeys.method())),
                        body);
        };
    }

    private PreparedSignature prepareDkim(
            SignatureRequest request, SignatureTemplate.Dkim template, HeaderFields header, Oversigning oversigning)
            throws GeneralSecurityException, SigningFailedException {
        SignedFields signed = shared(template.fields(), header, oversigning);
        DkimMethod method = template.method();
        if (method.header() != DkimMethod.Part.SIMPLE && signed.withControl().isPresent()) {
            method = template.methodIsGiven() ? method : method.withSimpleHeader();
            withControls.add(new WithControl(signed.withControl().get(), template.selector(), method.tag()));
        }
        return PreparedSignature.dkim(request, template, method, canonical(signed, method), body);
    }

    /** Signatures of one message mostly cover the same fields. */
    private SignedFields shared(Set<String> wanted, HeaderFields header, Oversigning oversigning)
            throws SigningFailedException {
        Covered before = covered;
        if (before != null && before.wanted.equals(wanted)) {
            return before.signed;
        }
        SignedFields signed = bounded(SignedFields.select(header, wanted, oversigning));
        covered = new Covered(wanted, signed);
        canonical = null;
        return signed;
    }

    /** Signatures of one message mostly cover them in the same canonicalization. */
    private CanonicalHeader canonical(SignedFields signed, DkimMethod method) {
        HeaderCanonicalizer canonicalizer = HeaderCanonicalizer.of(method.header());
        Canonical before = canonical;
        if (before != null && before.canonicalizer == canonicalizer) {
            return before.header;
        }
        CanonicalHeader made = CanonicalHeader.of(signed, canonicalizer);
        canonical = new Canonical(canonicalizer, made);
        return made;
    }

    private record Covered(Set<String> wanted, SignedFields signed) {}

    private record Canonical(HeaderCanonicalizer canonicalizer, CanonicalHeader header) {}

    private static SignedFields bounded(SignedFields signed) throws SigningFailedException {
        int names = signed.names().size();
        if (names > SignedFields.MOST_NAMES) {
            throw SigningFailedException.permanent(names + " fields to sign, more than " + SignedFields.MOST_NAMES);
        }
        return signed;
    }

    /** The reason may reach any client, so it names neither the file nor the fault; the log does. */
    private static SigningFailedException keyFailed(SignatureRequest request, Exception cause) {
        LOG.warn("key file {} does not sign: {}", request.template().keyFile().path(), cause.toString());
        SigningFailedException failed = new SigningFailedException(Kind.TEMPORARY, "the key does not sign");
        failed.initCause(cause);
        return failed;
    }
}
