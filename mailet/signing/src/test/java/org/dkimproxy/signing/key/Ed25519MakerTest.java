package org.dkimproxy.signing.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ed25519MakerTest {
    /** RFC 8032 section 7.1, tests 1 to 3. */
    @ParameterizedTest
    @CsvSource({
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60, '',"
                + " e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb, 72,"
                + " 92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7, af82,"
                + " 6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    })
    void both_signers_make_the_published_signatures(String seed, String text, String signature) throws Exception {
        Ed25519PrivateKeyParameters key =
                new Ed25519PrivateKeyParameters(HexFormat.of().parseHex(seed));
        byte[] octets = HexFormat.of().parseHex(text);

        assertThat(Ed25519Maker.byProvider(key).sign(octets)).asHexString().isEqualToIgnoringCase(signature);
        assertThat(Ed25519Maker.byBouncyCastle(key).sign(octets)).asHexString().isEqualToIgnoringCase(signature);
    }

    @Test
    void both_signers_make_the_same_signatures() throws GeneralSecurityException {
        Random random = new Random(8032);
        for (int i = 0; i < 200; i++) {
            byte[] seed = new byte[32];
            byte[] hash = new byte[32];
            random.nextBytes(seed);
            random.nextBytes(hash);
            Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(seed);
            Ed25519Maker.HashSigner byProvider = Ed25519Maker.byProvider(key);
            byProvider.sign(seed);

            assertThat(byProvider.sign(hash))
                    .isEqualTo(Ed25519Maker.byBouncyCastle(key).sign(hash));
        }
    }

    @Test
    void the_faster_provider_has_them_here() {
        assertThat(SignatureProvider.hasEd25519()).isTrue();
    }
}
