package org.dkimproxy.jamesit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.dkimproxy.interop.Programs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program behind {@code ./demo james}, run with what was just built. */
class JamesDemoIT {
    @TempDir
    Path folder;

    @Test
    void the_demo_shows_a_signed_message_its_record_and_a_foreign_verdict() throws Exception {
        Programs.Result result = Programs.run(
                Duration.ofMinutes(3),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        JamesDemo.class.getName(),
                        Shipped.TREE.toString(),
                        Shipped.javax().toString(),
                        Shipped.JAMES.toString(),
                        Shipped.CONF.toString(),
                        folder.resolve("james").toString()));
        assertThat(result.exit()).as(result.errors() + result.output()).isZero();
        assertThat(result.output())
                .contains("\n2026._domainkey.example.org. IN TXT \"v=DKIM1; k=rsa; p=")
                .contains("DKIM signing - signed; ")
                .contains("\nDKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; ")
                .contains("\npass d=example.org s=2026 ");
    }
}
