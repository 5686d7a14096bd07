package org.dkimproxy.signing.key;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.stream.Stream;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One signature made with a fault in one half of the Chinese remainder gives away the factors of its key (Boneh, DeMillo,
 * Lipton). A key with one wrong number stands in for the fault: whatever the provider says, no wrong signature may come out.
 */
class CrtFaultTest {
    private static final byte[] OCTETS = "signed".getBytes(US_ASCII);

    static Stream<Provider> providers() {
        return Stream.of(SignatureProvider.instance(), Security.getProvider("SunRsaSign"));
    }

    @ParameterizedTest
    @MethodSource("providers")
    void no_wrong_signature_leaves_the_provider(Provider provider) throws Exception {
        KeyPair pair = PrivateKeys.newRsa(2048);
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) pair.getPrivate();
        assertThat(verifies(pair, sign(provider, key))).isTrue();
        for (int wrong = 0; wrong < 3; wrong++) {
            byte[] signature;
            try {
                signature = sign(provider, withWrongNumber(key, wrong));
            } catch (GeneralSecurityException refused) {
                continue;
            }
            assertThat(verifies(pair, signature)).as("number %d", wrong).isTrue();
        }
    }

    private static PrivateKey withWrongNumber(RSAPrivateCrtKey key, int wrong) throws GeneralSecurityException {
        BigInteger[] numbers = {key.getPrimeExponentP(), key.getPrimeExponentQ(), key.getCrtCoefficient()};
        numbers[wrong] = numbers[wrong].xor(BigInteger.TWO);
        return KeyFactory.getInstance("RSA", "SunRsaSign")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        key.getModulus(),
                        key.getPublicExponent(),
                        key.getPrivateExponent(),
                        key.getPrimeP(),
                        key.getPrimeQ(),
                        numbers[0],
                        numbers[1],
                        numbers[2]));
    }

    private static byte[] sign(Provider provider, PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA", provider);
        signature.initSign(key);
        signature.update(OCTETS);
        return signature.sign();
    }

    private static boolean verifies(KeyPair pair, byte[] octets) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA", "SunRsaSign");
        signature.initVerify(pair.getPublic());
        signature.update(OCTETS);
        return signature.verify(octets);
    }
}
