package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.dkimproxy.signing.DkimSigner;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second field that is prepended to a signed message, such as a Sender, breaks the signature. */
class OversigningIT {
    private static final String DOMAIN = "example.org";
    private static final SignatureKind KIND = SignatureKind.dkim("rsa-sha256", "relaxed/relaxed");

    @TempDir
    static Path folder;

    private static TestKeys keys;
    private static DkimSigner signer;

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException {
        keys = TestKeys.generate(folder);
        signer = Engine.configured()
                .with("domain", DOMAIN)
                .signing(keys, List.of(KIND))
                .start();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From",
                "Sender",
                "Reply-To",
                "To",
                "Cc",
                "Subject",
                "Date",
                "Message-ID",
                "In-Reply-To",
                "References",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
                "Content-ID",
                "Content-Description"
            })
    void a_second_field_on_top_breaks_the_signature(String name) throws IOException {
        String other = name.equals("From") ? "" : name + ": <first@example.org>\r\n";
        Mail mail = Mail.of("prepended", "From: a@example.org\r\n" + other + "\r\nbody\r\n");
        Mail attacked = Mail.of("prepended", name + ": <second@example.net>\r\n" + text(mail.completed()));
        List<String> signature = Engine.fields(signer, mail);

        assertThat(passes(Signed.of(mail, signature, List.of(KIND)))).isTrue();
        assertThat(passes(Signed.of(attacked, signature, List.of(KIND)))).isFalse();
    }

    private static boolean passes(Signed signed) throws IOException {
        Path files = Files.createTempDirectory(folder, "judge");
        return new JdkimVerifier()
                .judge(List.of(signed), keys.records(List.of(KIND), DOMAIN), files)
                .get(signed.name())
                .get(KIND.selector())
                .passes();
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
