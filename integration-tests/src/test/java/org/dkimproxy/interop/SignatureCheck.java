package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dkimproxy.testkit.SmtpSink;

/**
 * Mail::DKIM and dkimpy as judges of delivered messages.
 *
 * @param keys the RSA key is published
 * @param folder for the files that the judges read
 */
record SignatureCheck(TestKeys keys, Path folder) {
    /** Fails unless each message has a valid signature with this selector. */
    void assertVerified(String domain, String selector, List<SmtpSink.Message> messages) throws IOException {
        TreeMap<String, String> records = new TreeMap<>();
        records.put(selector + "._domainkey." + domain, keys.record("rsa-sha256"));
        List<Signed> batch = new ArrayList<>();
        for (SmtpSink.Message message : messages) {
            batch.add(new Signed("message" + batch.size(), message.data(), List.of()));
        }
        for (ForeignVerifier verifier : List.of(ScriptVerifier.MAIL_DKIM, ScriptVerifier.DKIMPY)) {
            Map<String, Map<String, Verdict>> verdicts =
                    verifier.judge(batch, new DnsRecords(records), Files.createTempDirectory(folder, "verify"));
            for (Signed signed : batch) {
                Verdict verdict =
                        verdicts.getOrDefault(signed.name(), Map.of()).getOrDefault(selector, Verdict.SILENCE);
                assertThat(verdict.passes())
                        .as(verifier.name() + ": " + verdict + "\n"
                                + new String(signed.bytes(), StandardCharsets.ISO_8859_1))
                        .isTrue();
            }
        }
    }
}
