package org.dkimproxy.signing.key;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/**
 * Reads a private key from PEM text (RFC 7468): PKCS#1, PKCS#8, and both encrypted; and from the same without armour, in base64
 * or DER.
 *
 * <p>BouncyCastle reads; its provider is used by instance and never registered.
 */
public final class PemKeyParser {
    /** RSA keys below this many bits are refused (RFC 8301 section 3.2). */
    public static final int SHORTEST_RSA_BITS = 1024;

    private static final String EXPECTED = "a PEM file with an RSA or Ed25519 private key";

    /** What their armour says is not heeded: each may hold PKCS#1 or PKCS#8. */
    private static final Set<String> PLAIN_TYPES = Set.of("PRIVATE KEY", "RSA PRIVATE KEY");

    private static final Map<ASN1ObjectIdentifier, String> OTHER_KINDS = Map.of(
            X9ObjectIdentifiers.id_ecPublicKey, "an elliptic-curve private key (ECDSA)",
            X9ObjectIdentifiers.id_dsa, "a DSA private key",
            PKCSObjectIdentifiers.id_RSASSA_PSS, "an RSA private key for PSS signatures only",
            EdECObjectIdentifiers.id_Ed448, "an Ed448 private key");

    private PemKeyParser() {}

    /** Made for the first encrypted key, since it takes a while. */
    private static final class BouncyCastle {
        static final Provider PROVIDER = new BouncyCastleProvider();
    }

    /** Makes the first {@link #read} quicker, for a program whose start is waited for and that has a thread to spare. */
    public static void prepare() {
        try {
            Objects.requireNonNull(KeyFactory.getInstance("RSA", SignatureProvider.ofJdk()));
            read(new byte[0], Optional.empty());
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        } catch (UnusableKeyException nothingToRead) {
            // that was the way there
        }
    }

    /**
     * Reads the first private key in the text; certificates and public keys before it are skipped.
     *
     * @param file the file's octets
     * @param passphrase for an encrypted key
     * @throws UnusableKeyException if there is none that we can sign with
     */
    public static SigningKey read(byte[] file, Optional<String> passphrase) throws UnusableKeyException {
        try {
            KeyText text = KeyText.of(file);
            Optional<PrivateKeyInfo> bare = text.unarmouredKey();
            if (bare.isPresent()) {
                return signingKey(bare.get());
            }
            for (PemObject block : text.blocks()) {
                Optional<PrivateKeyInfo> key = privateKey(block, passphrase);
                if (key.isPresent()) {
                    return signingKey(key.get());
                }
            }
            throw new UnusableKeyException(text.withoutPrivateKey(), EXPECTED);
        } catch (IOException | RuntimeException malformed) {
            // BouncyCastle's messages may quote what it read, so they are not passed on
            throw new UnusableKeyException("PEM text that cannot be decoded", EXPECTED);
        }
    }

    private static Optional<PrivateKeyInfo> privateKey(PemObject block, Optional<String> passphrase)
            throws UnusableKeyException, IOException {
        if (block.getType().equals(OpenSshKey.TYPE)) {
            throw OpenSshKey.unusable(block.getContent());
        }
        if (block.getHeaders().isEmpty() && PLAIN_TYPES.contains(block.getType())) {
            return Optional.of(DerKey.read(block.getContent()));
        }
        return switch (parsed(block)) {
            case PrivateKeyInfo plain -> Optional.of(plain);
            case PEMKeyPair pair -> Optional.of(pair.getPrivateKeyInfo());
            case PEMEncryptedKeyPair encrypted -> Optional.of(decrypt(encrypted, needed(passphrase)));
            case PKCS8EncryptedPrivateKeyInfo encrypted -> Optional.of(decrypt(encrypted, needed(passphrase)));
            case null, default -> Optional.empty();
        };
    }

    private static @Nullable Object parsed(PemObject block) throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(block);
        }
        try (PEMParser parser = new PEMParser(new StringReader(text.toString()))) {
            return parser.readObject();
        }
    }

    private static char[] needed(Optional<String> passphrase) throws UnusableKeyException {
        return passphrase
                .orElseThrow(() -> new UnusableKeyException(
                        "an encrypted private key",
                        "the option key_passphrase_file to name the file with its passphrase"))
                .toCharArray();
    }

    private static PrivateKeyInfo decrypt(PEMEncryptedKeyPair encrypted, char[] passphrase)
            throws UnusableKeyException {
        try {
            var decryptor = new JcePEMDecryptorProviderBuilder()
                    .setProvider(BouncyCastle.PROVIDER)
                    .build(passphrase);
            return encrypted.decryptKeyPair(decryptor).getPrivateKeyInfo();
        } catch (IOException | RuntimeException wrong) {
            throw wrongPassphrase();
        }
    }

    private static PrivateKeyInfo decrypt(PKCS8EncryptedPrivateKeyInfo encrypted, char[] passphrase)
            throws UnusableKeyException {
        try {
            var decryptor = new JceOpenSSLPKCS8DecryptorProviderBuilder()
                    .setProvider(BouncyCastle.PROVIDER)
                    .build(passphrase);
            return encrypted.decryptPrivateKeyInfo(decryptor);
        } catch (OperatorCreationException | PKCSException | RuntimeException wrong) {
            throw wrongPassphrase();
        }
    }

    private static UnusableKeyException wrongPassphrase() {
        return new UnusableKeyException(
                "an encrypted private key that the passphrase does not open",
                "its passphrase in the first line of the file named by key_passphrase_file");
    }

    private static SigningKey signingKey(PrivateKeyInfo info) throws UnusableKeyException, IOException {
        ASN1ObjectIdentifier kind = info.getPrivateKeyAlgorithm().getAlgorithm();
        if (kind.equals(PKCSObjectIdentifiers.rsaEncryption)) {
            return rsa(info.getEncoded());
        }
        if (kind.equals(EdECObjectIdentifiers.id_Ed25519)) {
            return new SigningKey.Ed25519((Ed25519PrivateKeyParameters) PrivateKeyFactory.createKey(info));
        }
        throw new UnusableKeyException(
                OTHER_KINDS.getOrDefault(kind, "a private key of an unknown kind (" + kind + ")"), EXPECTED);
    }

    private static SigningKey rsa(byte[] pkcs8) throws UnusableKeyException {
        PrivateKey key;
        try {
            key = KeyFactory.getInstance("RSA", SignatureProvider.ofJdk())
                    .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException malformed) {
            throw new UnusableKeyException("an RSA private key whose numbers do not fit together", EXPECTED);
        }
        if (!(key instanceof RSAPrivateKey rsa) || !isConsistent(rsa)) {
            throw new UnusableKeyException("an RSA private key whose numbers do not fit together", EXPECTED);
        }
        SigningKey.Rsa signingKey = new SigningKey.Rsa(rsa);
        if (signingKey.bits() < SHORTEST_RSA_BITS) {
            throw new UnusableKeyException(
                    "an " + signingKey.description(), "2048 bits or more (RFC 8301 forbids fewer than 1024)");
        }
        return signingKey;
    }

    /**
     * The relations of RFC 8017 section 3.2. A key that breaks them makes signatures that betray its factors, or is refused
     * by the provider when it is to sign.
     */
    static boolean isConsistent(RSAPrivateKey key) {
        if (!(key instanceof RSAPrivateCrtKey crt)) {
            return true;
        }
        BigInteger p = crt.getPrimeP();
        BigInteger q = crt.getPrimeQ();
        BigInteger e = crt.getPublicExponent();
        BigInteger d = crt.getPrivateExponent();
        return p.compareTo(BigInteger.TWO) > 0
                && q.compareTo(BigInteger.TWO) > 0
                && p.multiply(q).equals(crt.getModulus())
                && areInverse(e, crt.getPrimeExponentP(), p.subtract(BigInteger.ONE))
                && areInverse(e, crt.getPrimeExponentQ(), q.subtract(BigInteger.ONE))
                && areInverse(e, d, p.subtract(BigInteger.ONE))
                && areInverse(e, d, q.subtract(BigInteger.ONE))
                && areInverse(q, crt.getCrtCoefficient(), p);
    }

    private static boolean areInverse(BigInteger factor, BigInteger inverse, BigInteger modulus) {
        return factor.multiply(inverse).mod(modulus).equals(BigInteger.ONE);
    }
}
