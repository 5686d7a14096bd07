package org.dkimproxy.interop;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A message with signature fields on top.
 *
 * @param name of the message, a file name without its ending
 * @param bytes the signed message with CRLF line ends
 * @param kinds the signatures to be judged
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out, and never compared
public record Signed(String name, byte[] bytes, List<SignatureKind> kinds) {
    public Signed {
        bytes = bytes.clone();
        kinds = List.copyOf(kinds);
    }

    /** Puts these fields on top of a message; each is text without its final CRLF. */
    static Signed of(Mail mail, List<String> fields, List<SignatureKind> kinds) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        fields.forEach(field -> all.writeBytes((field + "\r\n").getBytes(StandardCharsets.ISO_8859_1)));
        all.writeBytes(mail.completed());
        return new Signed(mail.name(), all.toByteArray(), kinds);
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }
}
