package org.dkimproxy.james;

import java.io.ByteArrayOutputStream;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.dkimproxy.james.mime.Edits;
import org.dkimproxy.james.mime.Entity;
import org.dkimproxy.james.mime.SevenBitConversion;
import org.dkimproxy.signing.LineEndings;
import org.dkimproxy.signing.message.HeaderField;

/**
 * Makes a message what it will be on the wire, so that nothing changes it after it was signed (RFC 6376 section 5.3): CRLF line
 * ends, the fields that James would add or rewrite on its way out, and a body that no relay has a reason to encode.
 *
 * <p>James does so when a later mailet touches the header, and always before a next hop without 8BITMIME: {@code
 * MimeMessage.saveChanges} adds Date and Message-ID where they are missing, and writes {@code 1.0} into MIME-Version.
 *
 * @param messageIds makes ids with their angle brackets (RFC 5322 section 3.6.4)
 */
record MessageSettler(InstantSource clock, Supplier<String> messageIds) {
    /** RFC 5322 section 3.3. */
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private static final String MIME_VERSION = "1.0";

    /**
     * The settled message; everything but what is named above stays octet for octet.
     *
     * @param convertTo7Bit whether its body is made 7-bit data too
     */
    SettledMessage settle(byte[] raw, boolean convertTo7Bit) {
        byte[] message = withCrlf(raw);
        Entity entity = Entity.of(message, 0, message.length);
        Edits edits = new Edits(message);
        int end = entity.headerEnd();
        settleMimeVersion(entity, edits);
        if (entity.named("date").isEmpty()) {
            edits.insert(end, "Date: " + DATE_TIME.format(clock.instant().atZone(ZoneOffset.UTC)) + "\r\n");
        }
        boolean needsMessageId = entity.named("message-id").isEmpty();
        if (needsMessageId) {
            edits.insert(end, "Message-ID: " + messageIds.get() + "\r\n");
        }
        if (!entity.hasBody()) {
            edits.insert(end, "\r\n");
        }
        List<String> leftovers = convertTo7Bit ? SevenBitConversion.convert(message, 0, edits) : List.of();
        return new SettledMessage(edits.apply(), needsMessageId, leftovers);
    }

    private static void settleMimeVersion(Entity entity, Edits edits) {
        List<HeaderField> versions = entity.named("mime-version");
        if (versions.isEmpty()) {
            edits.insert(entity.headerEnd(), "MIME-Version: " + MIME_VERSION + "\r\n");
            return;
        }
        HeaderField first = versions.getFirst();
        edits.replace(entity.begin() + first.valueBegin(), entity.endOf(first), " " + MIME_VERSION + "\r\n");
        versions.subList(1, versions.size()).forEach(more -> edits.remove(entity.beginOf(more), entity.endOf(more)));
    }

    private static byte[] withCrlf(byte[] raw) {
        if (hasOnlyCrlf(raw)) {
            return raw;
        }
        ByteArrayOutputStream settled = new ByteArrayOutputStream(raw.length + raw.length / 32);
        LineEndings lineEndings = new LineEndings();
        lineEndings.update(raw, 0, raw.length, settled::write);
        lineEndings.finish(settled::write);
        return settled.toByteArray();
    }

    /** Nearly always so, and then the message, which may be large, need not be copied. */
    private static boolean hasOnlyCrlf(byte[] raw) {
        boolean afterCr = false;
        boolean lineOpen = false;
        for (byte octet : raw) {
            if (afterCr != (octet == '\n')) {
                return false;
            }
            afterCr = octet == '\r';
            lineOpen = octet != '\n';
        }
        return !lineOpen;
    }
}
