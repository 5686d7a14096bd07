package org.dkimproxy.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignWithSenderMapTest {
    private static final String MESSAGE = """
            Date: Mon, 1 Jan 2024 00:00:00 +0000
            Message-ID: <1@example.org>
            MIME-Version: 1.0
            From: Alice <alice@example.org>
            To: bob@example.net
            Subject: hello

            text
            """;

    @TempDir
    Path folder;

    private Workplace place;

    @BeforeEach
    void conf() {
        place = new Workplace(folder)
                .write("conf/sender_map", "example.org dkim(c=relaxed/relaxed,s=s1,key=file://conf/rsa.pem)\n");
    }

    @Test
    void the_signature_stands_on_top_and_nothing_else_changes() throws Exception {
        Mail mail = Workplace.mail(MESSAGE);

        place.mailet("sender_map", "file://conf/sender_map").service(mail);

        String sent = Workplace.sent(mail);
        assertThat(sent)
                .startsWith("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org")
                .endsWith(MESSAGE);
    }
}
