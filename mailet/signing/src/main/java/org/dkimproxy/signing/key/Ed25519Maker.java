package org.dkimproxy.signing.key;

import java.security.MessageDigest;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/** Pure Ed25519 over the SHA-256 digest of the octets (RFC 8463 section 3). */
record Ed25519Maker(Ed25519PrivateKeyParameters key, MessageDigest digest) implements SignatureMaker {
    Ed25519Maker(Ed25519PrivateKeyParameters key) {
        this(key, Digest.SHA_256.begin());
    }

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
