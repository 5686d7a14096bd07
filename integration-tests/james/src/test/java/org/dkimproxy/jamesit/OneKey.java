package org.dkimproxy.jamesit;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.dkimproxy.interop.TestKeys;

/**
 * A James with one key that signs right before it delivers, and mail of its own authors and of strangers, as it forwards
 * that of the latter.
 */
final class OneKey {
    /** What the DomainList of James holds. */
    static final String HOSTED = "hosted.example";

    private static final Case OWN = one("own", "joe@example.org", "From: joe@sub.example.org", Cases.SHIPPED);
    private static final Case REPORT = one("report", "", "From: MAILER-DAEMON@example.org", Cases.SHIPPED);
    private static final Case OF_HOSTED = one("hosted", "joe@example.org", "From: ann@" + HOSTED, Cases.SHIPPED);
    private static final Case STRANGER = one("stranger", "ann@elsewhere.example", "From: ann@elsewhere.example");
    private static final Case REDIRECTED =
            one("redirected", "joe@example.org", "Sender: joe@example.org\r\nFrom: ann@elsewhere.example");

    private OneKey() {}

    /** Sets the mailet up, in a conf folder without the key. */
    static void install(JamesFolder james, TestKeys keys, String... parameters) throws IOException {
        Files.copy(keys.rsaFile(), james.conf(SigningRules.SHIPPED_KEY));
        SigningRules.replaceMailet(
                james,
                "<mailet match=\"All\" class=\"org.dkimproxy.james.SignWithSenderMap\"><domain>example.org</domain>"
                        + "<selector>2026</selector><keyfile>file://conf/" + SigningRules.SHIPPED_KEY + "</keyfile>"
                        + String.join("", parameters) + "</mailet>");
    }

    /** All mail, as it is to be signed by default. */
    static List<Case> mail() {
        return List.of(OWN, REPORT, OF_HOSTED, STRANGER, REDIRECTED);
    }

    private static Case one(String name, String sender, String fields, Case.Expected... signatures) {
        return Case.of(name, sender, fields + "\r\nSubject: x\r\n\r\nHi\r\n", signatures);
    }
}
