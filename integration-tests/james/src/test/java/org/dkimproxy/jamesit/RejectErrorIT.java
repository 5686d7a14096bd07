package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dkimproxy.interop.TestKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole James 3.8 with our conf folder and {@code reject_error}: whose mail cannot be signed, hears of it. */
class RejectErrorIT {
    @TempDir
    static Path folder;

    @Test
    void the_sender_of_a_mail_that_cannot_be_signed_gets_a_report() throws Exception {
        TestKeys keys = TestKeys.generate(folder);
        Case twoAuthors = Case.of(
                "two-authors",
                "joe@example.org",
                "From: joe@example.org\r\nFrom: jack@example.org\r\nMessage-ID: <two@example.org>\r\nSubject: x\r\n\r\nHi\r\n");
        try (Relay relay = Relay.start(folder.resolve("james"), james -> rejectErrors(james, keys))) {
            Map<String, byte[]> arrived = relay.deliver(List.of(twoAuthors));

            assertThat(arrived).containsOnlyKeys("joe");
            Arrived report = Arrived.of(arrived.get("joe"));
            assertThat(report.text())
                    .contains("From: postmaster@example.org\r\n")
                    .contains("multipart/report")
                    .contains("<two@example.org>");
            assertThat(report.selectorsOnTop()).containsExactly("2026");
            assertThat(relay.james().log())
                    .anyMatch(line ->
                            line.contains("signing error: 2 From fields") && line.contains(", mail rejected; "));
        }
    }

    private static void rejectErrors(JamesFolder james, TestKeys keys) throws IOException {
        SigningRules.install(james, keys);
        Path file = james.conf("mailetcontainer.xml");
        String conf = Files.readString(file, StandardCharsets.UTF_8);
        assertThat(conf).containsOnlyOnce("<reject_error>false</reject_error>");
        Files.writeString(file, conf.replace("<reject_error>false", "<reject_error>true"), StandardCharsets.UTF_8);
    }
}
