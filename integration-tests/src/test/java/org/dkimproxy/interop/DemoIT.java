package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The program behind {@code ./demo}, run on the tree that was just built. */
class DemoIT {

    @Test
    void the_demo_shows_a_signed_message_its_record_and_a_foreign_verdict() throws IOException {
        Programs.Result result = Programs.run(
                Duration.ofSeconds(60),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.dkimproxy.demo.Demo",
                        Tree.ROOT.toString()));
        assertThat(result.exit()).as(result.errors() + result.output()).isZero();
        assertThat(result.output())
                .contains("\nDKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; ")
                .contains("\ndemo._domainkey.example.org. IN TXT ( \"v=DKIM1; k=rsa; p=")
                .contains("\npass d=example.org s=demo ");
    }
}
