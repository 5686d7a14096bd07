package org.dkimproxy.signing.key;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.dkimproxy.sendermap.Algorithm;
import org.dkimproxy.signing.canonical.OctetSink;

/** One signature in the making: takes the octets to sign, then signs them. For use by one thread, once. */
public sealed interface SignatureMaker extends OctetSink {
    /**
     * Signs what was written.
     *
     * @throws GeneralSecurityException if the key cannot sign, such as an RSA key too short for the digest
     */
    byte[] sign() throws GeneralSecurityException;

    /** RSASSA-PKCS1-v1_5 (RFC 6376 sections 3.3.1 and 3.3.2), by the fastest provider there is, whose own form of key it is best. */
    static SignatureMaker rsa(PrivateKey key, Algorithm algorithm) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(
                switch (algorithm) {
                    case RSA_SHA1 -> "SHA1withRSA";
                    case RSA_SHA256 -> "SHA256withRSA";
                    case ED25519_SHA256 ->
                        throw new IllegalArgumentException("an RSA key does not make ed25519-sha256");
                },
                RsaProvider.instance());
        signature.initSign(key);
        return new Rsa(signature);
    }

    /** Pure Ed25519 over the SHA-256 digest of the octets (RFC 8463 section 3). */
    static SignatureMaker ed25519(Ed25519PrivateKeyParameters key) throws GeneralSecurityException {
        return new Ed25519(key, MessageDigest.getInstance("SHA-256"));
    }

    /** An RSA signature; the provider checks its own result against faults in the CRT (AWS-LC and the JDK both do). */
    record Rsa(Signature signature) implements SignatureMaker {
        @Override
        public void write(byte[] buffer, int offset, int length) {
            try {
                signature.update(buffer, offset, length);
            } catch (SignatureException notInitialized) {
                throw new IllegalStateException(notInitialized);
            }
        }

        @Override
        public byte[] sign() throws GeneralSecurityException {
            try {
                return signature.sign();
            } catch (RuntimeException refused) {
                // the provider from Amazon refuses a wrong result with an exception of its own kind
                throw new SignatureException(refused);
            }
        }
    }

    /** An Ed25519 signature. */
    record Ed25519(Ed25519PrivateKeyParameters key, MessageDigest digest) implements SignatureMaker {
        @Override
        public void write(byte[] buffer, int offset, int length) {
            digest.update(buffer, offset, length);
        }

        @Override
        public byte[] sign() {
            byte[] hash = digest.digest();
            Ed25519Signer signer = new Ed25519Signer();
            signer.init(true, key);
            signer.update(hash, 0, hash.length);
            return signer.generateSignature();
        }
    }
}
