package org.dkimproxy.jamesit;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** What a message says, however its parts are encoded for transfer (RFC 2045 section 6). */
final class Leaves {
    private Leaves() {}

    /** For each part that has no parts itself: its media type, and its octets when decoded, one character each. */
    static List<String> of(byte[] message) throws MessagingException, IOException {
        List<String> leaves = new ArrayList<>();
        collect(new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(message)), leaves);
        return leaves;
    }

    private static void collect(Part part, List<String> leaves) throws MessagingException, IOException {
        boolean composite = part.isMimeType("multipart/*") || part.isMimeType("message/rfc822");
        Object content = composite ? part.getContent() : "";
        if (content instanceof MimeMultipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                BodyPart inner = parts.getBodyPart(i);
                collect(inner, leaves);
            }
        } else if (content instanceof MimeMessage inner) {
            collect(inner, leaves);
        } else {
            try (InputStream decoded = part.getInputStream()) {
                leaves.add(
                        part.getContentType() + " " + new String(decoded.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
    }
}
