package org.dkimproxy.signing.key;

import java.io.IOException;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/** A private key in DER: PKCS#8 (RFC 5958), or PKCS#1 (RFC 8017 appendix A.1.2), told apart by what they hold. */
final class DerKey {
    private DerKey() {}

    /** @throws IOException if it is neither */
    static PrivateKeyInfo read(byte[] der) throws IOException {
        ASN1Sequence sequence = ASN1Sequence.getInstance(der);
        if (sequence.size() > 1 && sequence.getObjectAt(1) instanceof ASN1Integer) {
            AlgorithmIdentifier rsa = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
            return new PrivateKeyInfo(rsa, RSAPrivateKey.getInstance(sequence));
        }
        return PrivateKeyInfo.getInstance(sequence);
    }
}
