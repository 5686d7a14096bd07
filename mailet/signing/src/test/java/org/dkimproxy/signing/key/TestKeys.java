package org.dkimproxy.signing.key;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.dkimproxy.testkit.PrivateKeys;

/** Keys for tests, and the PEM text of them. */
public final class TestKeys {
    /** RFC 8032 section 7.1, test 1: the seed of an Ed25519 key. */
    public static final String ED25519_SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

    private TestKeys() {}

    /** The Ed25519 key of {@link #ED25519_SEED}, in PKCS#8 (RFC 8410 section 7). */
    public static String ed25519() {
        return ed25519(ED25519_SEED);
    }

    /** An Ed25519 key in PKCS#8. */
    public static String ed25519(String seed) {
        return PrivateKeys.pem("PRIVATE KEY", HexFormat.of().parseHex("302e020100300506032b657004220420" + seed));
    }

    /** {@code BEGIN RSA PRIVATE KEY}. */
    public static String pkcs1(PrivateKey key) throws IOException {
        byte[] encoded = PrivateKeyInfo.getInstance(key.getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        return PrivateKeys.pem("RSA PRIVATE KEY", encoded);
    }

    /** A key of the numbers of {@code key}, but for another prime exponent p: every signature by CRT would be wrong. */
    public static String inconsistent(RSAPrivateCrtKey key) throws IOException {
        return PrivateKeys.pem(
                "RSA PRIVATE KEY",
                new RSAPrivateKey(
                                key.getModulus(),
                                key.getPublicExponent(),
                                key.getPrivateExponent(),
                                key.getPrimeP(),
                                key.getPrimeQ(),
                                key.getPrimeExponentP().add(BigInteger.TWO),
                                key.getPrimeExponentQ(),
                                key.getCrtCoefficient())
                        .getEncoded());
    }

    /** A key whose numbers fit together, but one of its two primes is none: a provider that checks its result refuses to sign. */
    public static String composite() throws IOException {
        BigInteger e = BigInteger.valueOf(65537);
        Random random = new Random(1);
        BigInteger p;
        BigInteger q;
        do {
            p = BigInteger.probablePrime(512, random).multiply(BigInteger.probablePrime(512, random));
            q = BigInteger.probablePrime(1024, random);
        } while (!isCoprime(e, p) || !isCoprime(e, q));
        BigInteger p1 = p.subtract(BigInteger.ONE);
        BigInteger q1 = q.subtract(BigInteger.ONE);
        BigInteger lambda = p1.multiply(q1).divide(p1.gcd(q1));
        return PrivateKeys.pem(
                "RSA PRIVATE KEY",
                new RSAPrivateKey(
                                p.multiply(q),
                                e,
                                e.modInverse(lambda),
                                p,
                                q,
                                e.modInverse(p1),
                                e.modInverse(q1),
                                q.modInverse(p))
                        .getEncoded());
    }

    private static boolean isCoprime(BigInteger e, BigInteger number) {
        return e.gcd(number.subtract(BigInteger.ONE)).equals(BigInteger.ONE);
    }

    /** The legacy form of an encrypted key, with {@code Proc-Type} and {@code DEK-Info}. */
    public static String legacyEncrypted(PrivateKey key, String passphrase) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(
                    key,
                    new JcePEMEncryptorBuilder("AES-256-CBC")
                            .setProvider(new BouncyCastleProvider())
                            .build(passphrase.toCharArray()));
        }
        return text.toString();
    }

    /** {@code BEGIN ENCRYPTED PRIVATE KEY}. */
    public static String encrypted(PrivateKey key, String passphrase) throws IOException, OperatorCreationException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(new JcaPKCS8Generator(
                    key,
                    new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                            .setProvider(new BouncyCastleProvider())
                            .setPassword(passphrase.toCharArray())
                            .build()));
        }
        return text.toString();
    }
}
