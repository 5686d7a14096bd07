package org.dkimproxy.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Map;
import org.apache.james.jdkim.DKIMSigner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JdkimJudgeTest {
    private static final String MESSAGE = "From: joe@example.org\r\nSubject: hello\r\n\r\nHello.\r\n";

    private static String signed;
    private static JdkimJudge judge;

    @BeforeAll
    static void sign() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair key = generator.generateKeyPair();
        DKIMSigner signer = new DKIMSigner(
                "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=Sel; h=from:subject; bh=; b=;",
                key.getPrivate());
        signed = signer.sign(new ByteArrayInputStream(MESSAGE.getBytes(StandardCharsets.US_ASCII))) + "\r\n" + MESSAGE;
        String encoded = Base64.getEncoder().encodeToString(key.getPublic().getEncoded());
        judge = new JdkimJudge(Map.of("sel._domainkey.Example.org", "v=DKIM1; k=rsa; p=" + encoded));
    }

    private static JdkimJudge.Judgement only(JdkimJudge judge, String message) throws Exception {
        return judge.judge(message.getBytes(StandardCharsets.US_ASCII)).getFirst();
    }

    @Test
    void a_good_signature_passes() throws Exception {
        assertThat(only(judge, signed)).isEqualTo(new JdkimJudge.Judgement("example.org", "Sel", true, "PASS"));
    }

    @Test
    void an_altered_body_does_not() throws Exception {
        assertThat(only(judge, signed.replace("Hello.", "Hullo."))).satisfies(judgement -> {
            assertThat(judgement.passes()).isFalse();
            assertThat(judgement.text()).contains("bodyhash");
        });
    }

    @Test
    void without_a_record_nothing_passes() throws Exception {
        assertThat(only(new JdkimJudge(Map.of()), signed).passes()).isFalse();
    }

    @Test
    void an_unsigned_message_has_no_judgement() throws Exception {
        assertThat(judge.judge(MESSAGE.getBytes(StandardCharsets.US_ASCII))).isEmpty();
    }
}
