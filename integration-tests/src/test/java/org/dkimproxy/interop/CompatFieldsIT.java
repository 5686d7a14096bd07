package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.dkimproxy.signing.DkimSigner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compat dkimproxy-1.4} and Mail::DKIM choose the same fields of a message to sign, and the same of several. */
class CompatFieldsIT {
    private static final int MESSAGES = 200;
    private static final String DOMAIN = "example.org";

    /** Names of the IANA registry and others that pass through a submission server; which of them are signed is the question. */
    private static final List<String> NAMES = List.of(
            "Sender",
            "Reply-To",
            "Subject",
            "Date",
            "Message-ID",
            "To",
            "Cc",
            "Bcc",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding",
            "Content-ID",
            "Content-Description",
            "Content-Disposition",
            "Content-Language",
            "Content-Location",
            "Resent-Date",
            "Resent-From",
            "Resent-Sender",
            "Resent-To",
            "Resent-Cc",
            "Resent-Bcc",
            "Resent-Message-ID",
            "Resent-Reply-To",
            "In-Reply-To",
            "References",
            "Comments",
            "Keywords",
            "List-Id",
            "List-Help",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "List-Subscribe",
            "List-Post",
            "List-Owner",
            "List-Archive",
            "Received",
            "Return-Path",
            "Authentication-Results",
            "Autocrypt",
            "Auto-Submitted",
            "Disposition-Notification-To",
            "Importance",
            "Organization",
            "Precedence",
            "Priority",
            "User-Agent",
            "X-Mailer",
            "X-Priority",
            "Message-Context",
            "Errors-To");

    @TempDir
    Path folder;

    @Test
    void the_same_fields_are_signed_whichever_a_message_has() throws Exception {
        Requirements.mailDkim();
        TestKeys keys = TestKeys.generate(folder);
        List<SignatureKind> kinds =
                List.of(SignatureKind.dkim("rsa-sha256", "relaxed"), SignatureKind.domainKeys("nofws"));
        DkimSigner signer = Engine.configured()
                .with("compat", "dkimproxy-1.4")
                .with("domain", DOMAIN)
                .signing(keys, kinds)
                .start();
        List<Mail> messages = messages();
        Map<String, Map<String, List<String>>> theirs = ForeignSigner.MAIL_DKIM.sign(
                messages,
                Map.of(
                        "both",
                        kinds.stream()
                                .map(kind -> ForeignSigner.Wanted.of(kind, DOMAIN, keys.rsaFile()))
                                .toList()),
                Files.createDirectory(folder.resolve("compat")));
        assertThat(theirs).hasSize(messages.size());
        for (Mail mail : messages) {
            assertThat(Engine.fields(signer, mail))
                    .as(mail.name())
                    .isEqualTo(theirs.get(mail.name()).get("both"));
        }
    }

    /** One message with every field, and others with any of them, some twice, in any order and case. */
    private static List<Mail> messages() {
        List<Mail> messages = new ArrayList<>(List.of(message("all", NAMES)));
        Random random = new Random(1);
        for (int i = 0; i < MESSAGES; i++) {
            List<String> names = new ArrayList<>();
            for (String name : NAMES) {
                int count = random.nextInt(3) * (name.equals("Sender") ? 0 : 1);
                String written = random.nextInt(4) == 0 ? name.toUpperCase(Locale.ROOT) : name;
                names.addAll(Collections.nCopies(count, written));
            }
            Collections.shuffle(names, random);
            messages.add(message("any-" + i, names));
        }
        return messages;
    }

    private static Mail message(String name, List<String> fields) {
        StringBuilder text = new StringBuilder("From: joe@example.org\r\n");
        for (int i = 0; i < fields.size(); i++) {
            boolean address = fields.get(i).equals("Sender");
            text.append(fields.get(i))
                    .append(": ")
                    .append(address ? "joe@example.org" : "value " + i)
                    .append("\r\n");
        }
        return Mail.of(name, text + "\r\nHello.\r\n");
    }
}
