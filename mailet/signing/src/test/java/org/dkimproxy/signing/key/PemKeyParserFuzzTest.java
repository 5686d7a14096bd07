package org.dkimproxy.signing.key;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Optional;
import java.util.regex.Pattern;

/** Any octets are a key that signs, or are refused in words of ours that hold nothing of them but an object identifier. */
class PemKeyParserFuzzTest {
    private static final Pattern WORDS = Pattern.compile(
            "found (PEM text that cannot be decoded|(a public key, and |a certificate, and )?no private key"
                    + "|an? (RSA |Ed25519 )?private key in the format of OpenSSH"
                    + "|an encrypted private key|an RSA private key whose numbers do not fit together|an RSA key of [0-9]+ bits"
                    + "|an elliptic-curve private key \\(ECDSA\\)|a DSA private key|an Ed448 private key"
                    + "|an RSA private key for PSS signatures only|a private key of an unknown kind \\([0-9.]+\\)), expected [^\r\n]+");

    @FuzzTest(maxDuration = "3s")
    @DictionaryEntries({
        "-----BEGIN PRIVATE KEY-----\\x0a", "-----END PRIVATE KEY-----\\x0a", "-----BEGIN RSA PRIVATE KEY-----\\x0a",
        "-----END RSA PRIVATE KEY-----\\x0a", "Proc-Type: 4,ENCRYPTED\\x0aDEK-Info: AES-256-CBC,00\\x0a\\x0a",
                "EC PRIVATE KEY"
    })
    void any_octets_are_key_or_refused(byte[] pem) throws Exception {
        try {
            SigningKey key = PemKeyParser.read(pem, Optional.empty());
            assertThat(key.description()).isNotEmpty();
        } catch (UnusableKeyException refused) {
            assertThat(refused.getMessage()).matches(WORDS);
            assertThat(refused.getCause()).isNull();
        }
    }
}
