package org.dkimproxy.signing.key;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.dkimproxy.sendermap.dkim.Algorithm;
import org.dkimproxy.testkit.PrivateKeys;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PemKeyParserTest {
    private static final String A_KEY = "a PEM file with an RSA or Ed25519 private key";

    /** A certificate of nobody, made for this test; its key was thrown away. */
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBSDCB+6ADAgECAhQnHQM9TwJ+qlC4jVa7Rmwv2DdnrTAFBgMrZXAwGTEXMBUG
            A1UEAwwObm9ib2R5LmV4YW1wbGUwIBcNMjYxMTIyMTYyMjU1WhgPMjEyNjEwMjkx
            NjIyNTVaMBkxFzAVBgNVBAMMDm5vYm9keS5leGFtcGxlMCowBQYDK2VwAyEAP5KS
            aIpUcET81YkmLyBDa+02qTVWAT0BCbg3UwsDI1+jUzBRMB0GA1UdDgQWBBQ2NE5Z
            5ZOTObXW0jWUPnp09MBkiTAfBgNVHSMEGDAWgBQ2NE5Z5ZOTObXW0jWUPnp09MBk
            iTAPBgNVHRMBAf8EBTADAQH/MAUGAytlcANBANdJEenxxzUnN1NPiaZZ1f5yO6t2
            KMtkXGAe7jLrViHVObVcwAhU4mP3+E4uSUwCLVGWwjj+Dk565fryxEVx9AU=
            -----END CERTIFICATE-----
            """;

    private KeyPair pair;
    private PrivateKey rsa;

    @BeforeAll
    void makeKey() {
        pair = PrivateKeys.newRsa(2048);
        rsa = pair.getPrivate();
    }

    @Test
    void an_rsa_key_in_pkcs_1_and_pkcs_8() throws Exception {
        assertSigns(read(TestKeys.pkcs1(rsa)));
        assertSigns(read(PrivateKeys.pkcs8(rsa)));
        assertThat(read(PrivateKeys.pkcs8(rsa)).description()).isEqualTo("RSA key of 2048 bits");
    }

    @Test
    void crlf_line_ends_blanks_and_text_around_the_key() throws Exception {
        assertSigns(read(TestKeys.pkcs1(rsa).replace("\n", "\r\n")));
        assertSigns(read("selector mail, r\u00e9sum\u00e9\n\n" + PrivateKeys.pkcs8(rsa) + "\nafter\n"));
    }

    @Test
    void encrypted_keys_with_their_passphrase() throws Exception {
        Optional<String> passphrase = Optional.of("corr\u00e9ct h0rse");
        assertSigns(read(TestKeys.encrypted(rsa, "corr\u00e9ct h0rse"), passphrase));
        assertSigns(read(TestKeys.legacyEncrypted(rsa, "horse"), Optional.of("horse")));
    }

    @Test
    void a_passphrase_does_no_harm_to_a_key_in_the_clear() throws Exception {
        assertSigns(read(TestKeys.pkcs1(rsa), Optional.of("needless")));
    }

    @Test
    void an_ed25519_key() throws Exception {
        SigningKey key = read(TestKeys.ed25519());
        assertThat(key).isInstanceOf(SigningKey.Ed25519.class);
        assertThat(key.description()).isEqualTo("Ed25519 key");
    }

    @Test
    void certificates_and_public_keys_before_the_key_are_passed_over() throws Exception {
        String publicKey = PrivateKeys.pem("PUBLIC KEY", pair.getPublic().getEncoded());
        assertSigns(read(publicKey + PrivateKeys.pkcs8(rsa)));
        assertSigns(read(CERTIFICATE + TestKeys.pkcs1(rsa)));
        assertThat(read(TestKeys.ed25519() + TestKeys.pkcs1(rsa)))
                .as("the first of two")
                .isInstanceOf(SigningKey.Ed25519.class);
    }

    @Test
    void an_armour_that_names_the_other_format() throws Exception {
        assertSigns(read(PrivateKeys.pkcs8(rsa).replace(" PRIVATE", " RSA PRIVATE")));
        assertSigns(read(TestKeys.pkcs1(rsa).replace(" RSA PRIVATE", " PRIVATE")));
    }

    @Test
    void a_byte_order_mark_before_the_key() throws Exception {
        assertSigns(read("\u00ef\u00bb\u00bf" + TestKeys.pkcs1(rsa)));
        assertSigns(read("\u00ef\u00bb\u00bf" + bare(TestKeys.pkcs1(rsa))));
    }

    @Test
    void base64_without_armour() throws Exception {
        assertSigns(read(bare(TestKeys.pkcs1(rsa))));
        assertSigns(read(bare(PrivateKeys.pkcs8(rsa)).replace("\n", "\r\n")));
        assertSigns(read(bare(PrivateKeys.pkcs8(rsa)).replace("\n", "")));
        assertThat(read(bare(TestKeys.ed25519()))).isInstanceOf(SigningKey.Ed25519.class);
    }

    @Test
    void der_without_base64() throws Exception {
        assertSigns(PemKeyParser.read(rsa.getEncoded(), Optional.empty()));
        assertSigns(PemKeyParser.read(Base64.getMimeDecoder().decode(bare(TestKeys.pkcs1(rsa))), Optional.empty()));
    }

    /** The format of dkimpy's {@code dknewkey --ktype ed25519}. */
    @Test
    void base64_of_32_octets_is_an_ed25519_seed() throws Exception {
        byte[] seed = HexFormat.of().parseHex(TestKeys.ED25519_SEED);
        SigningKey key = read(Base64.getEncoder().encodeToString(seed) + "\n");
        assertThat(key.publishedKey()).isEqualTo(read(TestKeys.ed25519()).publishedKey());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rsa     | an RSA private key in the format of OpenSSH | PEM: run ssh-keygen -p -m PEM -f FILE",
                "ed25519 | an Ed25519 private key in the format of OpenSSH | PEM: make a new key, as dkimproxy-keygen does,"
                        + " since ssh-keygen does not convert this one",
                "ecdsa   | a private key in the format of OpenSSH | " + A_KEY,
            })
    void the_format_of_openssh_is_named_with_what_to_do(String type, String found, String expected) throws Exception {
        byte[] content = openSshKey(type.equals("ecdsa") ? "ecdsa-sha2-nistp256" : "ssh-" + type);
        assertUnusable(PrivateKeys.pem("OPENSSH PRIVATE KEY", content), found, expected);
        for (int cut = 0; cut < content.length; cut++) {
            String pem = PrivateKeys.pem("OPENSSH PRIVATE KEY", Arrays.copyOf(content, cut));
            assertThatThrownBy(() -> read(pem)).isInstanceOf(UnusableKeyException.class);
        }
    }

    /** The beginning of a key without a passphrase: what tells of its kind. */
    private static byte[] openSshKey(String type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write("openssh-key-v1\0".getBytes(ISO_8859_1));
            for (String text : new String[] {"none", "none", ""}) {
                out.writeInt(text.length());
                out.write(text.getBytes(ISO_8859_1));
            }
            out.writeInt(1);
            out.writeInt(4 + type.length());
            out.writeInt(type.length());
            out.write(type.getBytes(ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    private static String bare(String pem) {
        return pem.replaceAll("-----[A-Z ]+-----\n", "");
    }

    @Test
    void a_public_key_or_a_certificate_alone() {
        String publicKey = PrivateKeys.pem("PUBLIC KEY", pair.getPublic().getEncoded());
        assertUnusable(publicKey, "a public key, and no private key", A_KEY);
        assertUnusable(CERTIFICATE, "a certificate, and no private key", A_KEY);
        assertUnusable("ssh-rsa AAAAB3NzaC1yc2E= joe@example.org\n", "a public key, and no private key", A_KEY);
        assertUnusable("v=DKIM1; k=rsa; p=AAAA\n", "a public key, and no private key", A_KEY);
    }

    @Test
    void no_private_key() {
        assertUnusable("", "no private key", A_KEY);
        assertUnusable("hello\n", "no private key", A_KEY);
    }

    @Test
    void keys_of_other_kinds() throws Exception {
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        ec.initialize(new ECGenParameterSpec("secp256r1"));
        assertUnusable(
                PrivateKeys.pkcs8(ec.generateKeyPair().getPrivate()), "an elliptic-curve private key (ECDSA)", A_KEY);
        KeyPairGenerator dsa = KeyPairGenerator.getInstance("DSA");
        dsa.initialize(1024);
        assertUnusable(PrivateKeys.pkcs8(dsa.generateKeyPair().getPrivate()), "a DSA private key", A_KEY);
        assertUnusable(
                PrivateKeys.pkcs8(
                        KeyPairGenerator.getInstance("Ed448").generateKeyPair().getPrivate()),
                "an Ed448 private key",
                A_KEY);
        assertUnusable(
                PrivateKeys.pkcs8(
                        KeyPairGenerator.getInstance("X25519").generateKeyPair().getPrivate()),
                "a private key of an unknown kind (1.3.101.110)",
                A_KEY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nMIIB\n",
                "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
                "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk=\n-----END OPENSSH PRIVATE KEY-----\n",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n",
            })
    void text_that_cannot_be_decoded(String pem) {
        assertThatThrownBy(() -> read(pem, Optional.of("x"))).isInstanceOf(UnusableKeyException.class);
    }

    @Test
    void a_key_that_was_cut_or_changed_anywhere_is_unusable_or_signs_but_throws_nothing_else() throws Exception {
        String pem = TestKeys.pkcs1(rsa);
        Random random = new Random(7468);
        for (int i = 0; i < 300; i++) {
            StringBuilder changed = new StringBuilder(pem);
            int at = random.nextInt(pem.length());
            if (i % 2 == 0) {
                changed.setLength(at);
            } else {
                changed.setCharAt(at, (char) (32 + random.nextInt(95)));
            }
            try {
                assertThat(read(changed.toString())).isNotNull();
            } catch (UnusableKeyException unusable) {
                assertNoSecret(unusable);
            }
        }
    }

    @Test
    void rsa_keys_by_their_length() throws Exception {
        assertThat(read(PrivateKeys.pkcs8(PrivateKeys.newRsa(1024).getPrivate()))
                        .description())
                .isEqualTo("RSA key of 1024 bits");
        assertUnusable(
                PrivateKeys.pkcs8(PrivateKeys.newRsa(512).getPrivate()),
                "an RSA key of 512 bits",
                "2048 bits or more (RFC 8301 forbids fewer than 1024)");
        assertUnusable(
                TestKeys.pkcs1(PrivateKeys.newRsa(1023).getPrivate()),
                "an RSA key of 1023 bits",
                "2048 bits or more (RFC 8301 forbids fewer than 1024)");
    }

    /** One wrong number makes a signature from which the factors of the modulus can be worked out. */
    @Test
    void rsa_keys_whose_numbers_do_not_fit_together() throws Exception {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) rsa;
        assertUnusable(TestKeys.inconsistent(key), "an RSA private key whose numbers do not fit together", A_KEY);
        BigInteger[] numbers = {
            key.getModulus(),
            key.getPublicExponent(),
            key.getPrivateExponent(),
            key.getPrimeP(),
            key.getPrimeQ(),
            key.getPrimeExponentP(),
            key.getPrimeExponentQ(),
            key.getCrtCoefficient()
        };
        for (int wrong = 0; wrong < numbers.length; wrong++) {
            for (BigInteger value : new BigInteger[] {
                BigInteger.ZERO, BigInteger.ONE, numbers[wrong].add(BigInteger.TWO), numbers[wrong].negate()
            }) {
                BigInteger[] n = numbers.clone();
                n[wrong] = value;
                byte[] der = new RSAPrivateKey(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]).getEncoded();
                try {
                    // whoever can sign with it all the same must sign right
                    assertSigns(read(PrivateKeys.pem("RSA PRIVATE KEY", der)));
                } catch (UnusableKeyException unusable) {
                    assertThat(unusable.expected()).isEqualTo(A_KEY);
                    assertNoSecret(unusable);
                }
            }
        }
    }

    /** The faster provider looks for itself, but not before the first signature; the JDK's does not. */
    @Test
    void each_relation_of_an_rsa_key_is_checked_by_ourselves() throws Exception {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) rsa;
        BigInteger[] numbers = {
            key.getModulus(),
            key.getPublicExponent(),
            key.getPrivateExponent(),
            key.getPrimeP(),
            key.getPrimeQ(),
            key.getPrimeExponentP(),
            key.getPrimeExponentQ(),
            key.getCrtCoefficient()
        };
        for (int wrong = -1; wrong < numbers.length; wrong++) {
            BigInteger[] n = numbers.clone();
            if (wrong >= 0) {
                n[wrong] = n[wrong].add(BigInteger.TWO);
            }
            RSAPrivateCrtKey read = (RSAPrivateCrtKey) KeyFactory.getInstance("RSA", "SunRsaSign")
                    .generatePrivate(new RSAPrivateCrtKeySpec(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]));
            assertThat(PemKeyParser.isConsistent(read)).as("number %d", wrong).isEqualTo(wrong < 0);
        }
    }

    @Test
    void a_passphrase_that_is_wrong_or_missing() throws Exception {
        String pkcs8 = TestKeys.encrypted(rsa, "right");
        String legacy = TestKeys.legacyEncrypted(rsa, "right");
        for (String pem : new String[] {pkcs8, legacy}) {
            assertUnusable(
                    pem,
                    Optional.empty(),
                    "an encrypted private key",
                    "the option key_passphrase_file to name the file with its passphrase");
            for (String wrong : new String[] {"wrong", "", "right "}) {
                assertUnusable(
                        pem,
                        Optional.of(wrong),
                        "an encrypted private key that the passphrase does not open",
                        "its passphrase in the first line of the file named by key_passphrase_file");
            }
        }
    }

    @Test
    void a_key_tells_nothing_of_itself() throws Exception {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) rsa;
        SigningKey read = read(TestKeys.pkcs1(rsa));
        assertThat(read).hasToString("RSA key of 2048 bits");
        assertThat(read(TestKeys.ed25519())).hasToString("Ed25519 key");
        assertThat(read.begin(Algorithm.RSA_SHA256).toString())
                .doesNotContain(key.getPrimeP().toString(), key.getPrimeP().toString(16))
                .doesNotContain(key.getPrivateExponent().toString());
        assertThat(read(TestKeys.ed25519())
                        .begin(Algorithm.ED25519_SHA256)
                        .toString()
                        .toLowerCase(java.util.Locale.ROOT))
                .doesNotContain(TestKeys.ED25519_SEED.substring(0, 16));
    }

    @ParameterizedTest
    @EnumSource
    void each_kind_of_key_fits_its_algorithms(Algorithm algorithm) throws Exception {
        boolean edwards = algorithm == Algorithm.ED25519_SHA256;
        SigningKey ed25519 = read(TestKeys.ed25519());
        SigningKey rsaKey = read(TestKeys.pkcs1(rsa));
        assertThat(ed25519.fits(algorithm)).isEqualTo(edwards);
        assertThat(rsaKey.fits(algorithm)).isEqualTo(!edwards);
        assertThatThrownBy(() -> (edwards ? rsaKey : ed25519).begin(algorithm))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        edwards
                                ? "an RSA key does not make ed25519-sha256"
                                : "an Ed25519 key does not make " + algorithm.tag());
    }

    private static SigningKey read(String pem) throws UnusableKeyException {
        return read(pem, Optional.empty());
    }

    private static SigningKey read(String pem, Optional<String> passphrase) throws UnusableKeyException {
        return PemKeyParser.read(pem.getBytes(ISO_8859_1), passphrase);
    }

    private void assertSigns(SigningKey key) throws Exception {
        byte[] text = "text".getBytes(ISO_8859_1);
        SignatureMaker maker = key.begin(Algorithm.RSA_SHA256);
        maker.write(text, 0, text.length);
        Signature verifier = Signature.getInstance("SHA256withRSA");
        verifier.initVerify(pair.getPublic());
        verifier.update(text);
        assertThat(verifier.verify(maker.sign())).isTrue();
    }

    private void assertUnusable(String pem, String found, String expected) {
        assertUnusable(pem, Optional.empty(), found, expected);
    }

    private void assertUnusable(String pem, Optional<String> passphrase, String found, String expected) {
        UnusableKeyException unusable = catchThrowableOfType(UnusableKeyException.class, () -> read(pem, passphrase));
        assertThat(unusable).isNotNull();
        assertThat(unusable.found()).isEqualTo(found);
        assertThat(unusable.expected()).isEqualTo(expected);
        assertThat(unusable).hasMessage("found " + found + ", expected " + expected);
        assertNoSecret(unusable);
    }

    /** Neither base64 of the key nor its numbers, in the message or in any cause. */
    private void assertNoSecret(UnusableKeyException unusable) {
        StringWriter shown = new StringWriter();
        unusable.printStackTrace(new PrintWriter(shown, true));
        assertThat(unusable).hasNoCause();
        assertThat(shown.toString().lines().filter(line -> !line.startsWith("\tat ")))
                .noneMatch(line -> line.matches(".*[0-9A-Za-z+/]{24,}.*"));
    }
}
