package org.dkimproxy.signing.key;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.dkimproxy.sendermap.dkim.Algorithm;
import org.dkimproxy.signing.key.Ed25519Maker.HashSigner;
import org.jspecify.annotations.Nullable;

/** A private key in the form in which it signs fastest. */
public sealed interface SigningKey {
    /** Whether this kind of key can make signatures of this algorithm. */
    boolean fits(Algorithm algorithm);

    /** The kind of key in words, without anything secret: {@code RSA key of 2048 bits}. */
    String description();

    /** The public half; empty for an RSA key whose file does not tell its public exponent. */
    Optional<PublishedKey> publishedKey();

    /**
     * Begins a signature.
     *
     * @throws GeneralSecurityException if the key cannot be used
     * @throws IllegalArgumentException if the key does not fit the algorithm
     */
    SignatureMaker begin(Algorithm algorithm) throws GeneralSecurityException;

    /**
     * An RSA key of {@link PemKeyParser#SHORTEST_RSA_BITS} or more. It makes RSASSA-PKCS1-v1_5 signatures (RFC 6376 sections 3.3.1
     * and 3.3.2), by a provider that checks its own results against faults in the CRT (AWS-LC and the JDK both do).
     */
    final class Rsa implements SigningKey {
        private static final int ENOUGH_BITS = 2048;

        private final RSAPrivateKey key;

        /**
         * Empty before the first signature. To hand the key to {@link SignatureProvider} takes about as long as a signature, and
         * most of many keys are not used before they are read again.
         */
        private volatile Map<Algorithm, ProviderSignatures> signatures = Map.of();

        /** @param key its numbers fit together */
        Rsa(RSAPrivateKey key) {
            this.key = key;
        }

        @Override
        public boolean fits(Algorithm algorithm) {
            return algorithm != Algorithm.ED25519_SHA256;
        }

        @Override
        public String description() {
            return "RSA key of " + bits() + " bits";
        }

        /** The length of the modulus. */
        public int bits() {
            return key.getModulus().bitLength();
        }

        /** Whether it has fewer than the 2048 bits that RFC 8301 section 3.2 asks for. */
        public boolean isWeak() {
            return bits() < ENOUGH_BITS;
        }

        @Override
        public Optional<PublishedKey> publishedKey() {
            if (!(key instanceof RSAPrivateCrtKey crt)) {
                return Optional.empty();
            }
            try {
                RSAKeyParameters numbers = new RSAKeyParameters(false, crt.getModulus(), crt.getPublicExponent());
                byte[] info = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(numbers)
                        .getEncoded();
                return Optional.of(new PublishedKey("rsa", Base64.getEncoder().encodeToString(info)));
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        @Override
        public SignatureMaker begin(Algorithm algorithm) throws GeneralSecurityException {
            Map<Algorithm, ProviderSignatures> known = signatures;
            if (known.isEmpty()) {
                PrivateKey own = KeyFactory.getInstance("RSA", SignatureProvider.instance())
                        .generatePrivate(new PKCS8EncodedKeySpec(key.getEncoded()));
                known = Map.of(
                        Algorithm.RSA_SHA1, new ProviderSignatures(own, "SHA1withRSA"),
                        Algorithm.RSA_SHA256, new ProviderSignatures(own, "SHA256withRSA"));
                signatures = known;
            }
            ProviderSignatures fitting = known.get(algorithm);
            if (fitting == null) {
                throw new IllegalArgumentException("an RSA key does not make " + algorithm.tag());
            }
            return fitting.begin();
        }

        /** Keeps the key's numbers out of logs. */
        @Override
        public String toString() {
            return description();
        }
    }

    /** An Ed25519 key (RFC 8463). */
    final class Ed25519 implements SigningKey {
        private final Ed25519PrivateKeyParameters key;

        /** By the first signature on; BouncyCastle's where the provider has none. */
        private volatile @Nullable HashSigner signer;

        Ed25519(Ed25519PrivateKeyParameters key) {
            this.key = key;
        }

        @Override
        public boolean fits(Algorithm algorithm) {
            return algorithm == Algorithm.ED25519_SHA256;
        }

        @Override
        public String description() {
            return "Ed25519 key";
        }

        @Override
        public Optional<PublishedKey> publishedKey() {
            byte[] octets = key.generatePublicKey().getEncoded();
            return Optional.of(new PublishedKey("ed25519", Base64.getEncoder().encodeToString(octets)));
        }

        @Override
        public SignatureMaker begin(Algorithm algorithm) throws GeneralSecurityException {
            if (!fits(algorithm)) {
                throw new IllegalArgumentException("an Ed25519 key does not make " + algorithm.tag());
            }
            HashSigner known = signer;
            if (known == null) {
                known = SignatureProvider.hasEd25519()
                        ? Ed25519Maker.byProvider(key)
                        : Ed25519Maker.byBouncyCastle(key);
                signer = known;
            }
            return new Ed25519Maker(Digest.SHA_256.begin(), known);
        }

        /** Keeps the key's octets out of logs. */
        @Override
        public String toString() {
            return description();
        }
    }
}
