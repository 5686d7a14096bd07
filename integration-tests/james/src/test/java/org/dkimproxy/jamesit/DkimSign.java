package org.dkimproxy.jamesit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.dkimproxy.interop.TestKeys;

/** James's own signing mailet in the place of ours, set up as its documentation advises. */
final class DkimSign {
    /** What it makes. */
    static final Case.Expected SIGNATURE = new Case.Expected("james", "example.org", List.of("Mail::DKIM", "dkimpy"));

    private DkimSign() {}

    static void replaceOurs(JamesFolder james, TestKeys keys) throws IOException {
        String theirs =
                """
                <mailet match="All" class="org.apache.james.jdkim.mailets.ConvertTo7Bit"/>
                <mailet match="All" class="org.apache.james.jdkim.mailets.DKIMSign">
                  <signatureTemplate>v=1; s=james; d=example.org; \
                h=from:to:subject:date:message-id:mime-version:content-type:content-transfer-encoding; \
                a=rsa-sha256; c=relaxed/relaxed; bh=; b=;</signatureTemplate>
                  <privateKey>
                """ + Files.readString(keys.rsaPkcs1File(), StandardCharsets.US_ASCII) + "</privateKey></mailet>";
        SigningRules.replaceMailet(james, theirs);
    }
}
