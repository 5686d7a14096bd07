package org.dkimproxy.signing;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.dkimproxy.sendermap.dkim.Algorithm;
import org.dkimproxy.sendermap.dkim.DkimMethod;
import org.dkimproxy.signing.canonical.HeaderCanonicalizer;
import org.dkimproxy.signing.canonical.OctetBuffer;
import org.dkimproxy.signing.key.SignatureMaker;
import org.dkimproxy.signing.message.HeaderField;

/** A signature for which all is settled but the body. Nothing of the message's header is held any longer. */
sealed interface PreparedSignature {
    /**
     * Writes and signs the field; the body must have ended.
     *
     * @param now for t= and x=
     */
    SignatureField complete(Instant now) throws GeneralSecurityException;

    /** Prepares a DKIM signature of this method and asks for its body hash. */
    static PreparedSignature dkim(
            SignatureRequest request,
            SignatureTemplate.Dkim template,
            DkimMethod method,
            CanonicalHeader header,
            BodyDigests body)
            throws GeneralSecurityException {
        SignatureMaker maker = template.keyFile().current().begin(template.algorithm());
        header.writeTo(maker);
        return new Dkim(
                request, template, method, header.names(), body.hash(method.body(), template.algorithm()), maker);
    }

    /** Prepares a DomainKeys signature, which digests header and body in one stream. */
    static PreparedSignature domainKeys(
            SignatureRequest request, SignatureTemplate.DomainKeys template, CanonicalHeader header, BodyDigests body)
            throws GeneralSecurityException {
        SignatureMaker maker = template.keyFile().current().begin(Algorithm.RSA_SHA1);
        header.writeTo(maker);
        body.feed(template.method(), maker);
        return new DomainKeys(request, template, header.names(), maker);
    }

    /** RFC 6376 section 3.7. */
    record Dkim(
            SignatureRequest request,
            SignatureTemplate.Dkim template,
            DkimMethod method,
            List<String> names,
            BodyDigests.BodyHash bodyHash,
            SignatureMaker maker)
            implements PreparedSignature {
        @Override
        public SignatureField complete(Instant now) throws GeneralSecurityException {
            FoldedField field = new FoldedField("DKIM-Signature")
                    .tag("v", "1")
                    .tag("a", template.algorithm().tag())
                    .tag("c", method.tag())
                    .tag("d", request.domain())
                    .listTag("h", names)
                    .tag("s", template.selector());
            request.identity().ifPresent(identity -> field.tag("i", identity));
            long seconds = now.getEpochSecond();
            if (template.timestamp()) {
                field.tag("t", Long.toString(seconds));
            }
            template.expiry().ifPresent(expiry -> field.tag("x", Long.toString(seconds + expiry.toSeconds())));
            field.base64Tag("bh", Base64.getEncoder().encodeToString(bodyHash.value()));

            OctetBuffer own = new OctetBuffer();
            HeaderCanonicalizer.of(method.header()).write(HeaderField.of(field.withoutSignature()), own);
            maker.write(own.array(), 0, own.size());
            return finished(field, maker, request);
        }
    }

    /** RFC 4870 section 3.4. */
    record DomainKeys(
            SignatureRequest request, SignatureTemplate.DomainKeys template, List<String> names, SignatureMaker maker)
            implements PreparedSignature {
        @Override
        public SignatureField complete(Instant now) throws GeneralSecurityException {
            FoldedField field = new FoldedField("DomainKey-Signature")
                    .tag("a", Algorithm.RSA_SHA1.tag())
                    .tag("c", template.method().tag())
                    .tag("d", request.domain())
                    .listTag("h", names)
                    .tag("q", "dns")
                    .tag("s", template.selector());
            field.withoutSignature();
            return finished(field, maker, request);
        }
    }

    private static SignatureField finished(FoldedField field, SignatureMaker maker, SignatureRequest request)
            throws GeneralSecurityException {
        String text = field.withSignature(Base64.getEncoder().encodeToString(maker.sign()));
        SignatureTemplate template = request.template();
        return new SignatureField(
                text, template.algorithm().tag(), request.domain(), template.selector(), request.signer());
    }
}
