package org.dkimproxy.signing.key;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** Pure Ed25519 over the SHA-256 digest of the octets (RFC 8463 section 3). */
record Ed25519Maker(MessageDigest digest, HashSigner signer) implements SignatureMaker {
    /** Signs a digest. Signatures are deterministic (RFC 8032 section 5.1.6). */
    @FunctionalInterface
    interface HashSigner {
        byte[] sign(byte[] hash) throws GeneralSecurityException;
    }

    static HashSigner byProvider(Ed25519PrivateKeyParameters key) throws GeneralSecurityException {
        // the provider has no way of its own to make a key of octets, and takes those of the JDK
        PrivateKey own = KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, key.getEncoded()));
        ProviderSignatures signatures = new ProviderSignatures(own, "Ed25519");
        return hash -> {
            SignatureMaker maker = signatures.begin();
            maker.write(hash, 0, hash.length);
            return maker.sign();
        };
    }

    static HashSigner byBouncyCastle(Ed25519PrivateKeyParameters key) {
        return hash -> {
            Ed25519Signer signer = new Ed25519Signer();
            signer.init(true, key);
            signer.update(hash, 0, hash.length);
            return signer.generateSignature();
        };
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
        digest.update(buffer, offset, length);
    }

    @Override
    public byte[] sign() throws GeneralSecurityException {
        return signer.sign(digest.digest());
    }
}
