package org.dkimproxy.james;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.dkimproxy.james.mime.Edits;
import org.dkimproxy.james.mime.Entity;
import org.dkimproxy.james.mime.SevenBitConversion;
import org.dkimproxy.signing.message.HeaderField;

/**
 * Makes a message what it will be on the wire, so that nothing changes it after it was signed (RFC 6376 section 5.3): CRLF line
 * ends, the fields that James would add or rewrite on its way out, and a body that no relay has a reason to encode.
 *
 * <p>James does so when a later mailet touches the header, and always before a next hop without 8BITMIME: {@code
 * MimeMessage.saveChanges} adds Date and Message-ID where they are missing, and sets MIME-Version to {@code 1.0}. James 3.8
 * writes that field anew in any case; James 3.9 only if it does not begin with {@code 1.0} ({@link MimeVersionHabit}).
 *
 * @param messageIds makes ids with their angle brackets (RFC 5322 section 3.6.4)
 */
record MessageNormalizer(InstantSource clock, Supplier<String> messageIds) {
    /** RFC 5322 section 3.3. */
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);

    private static final String MIME_VERSION = "MIME-Version: 1.0";
    private static final String THIS_VERSION = "1.0";

    /**
     * The settled message; everything but what is named above stays octet for octet.
     *
     * @param keepsMimeVersion whether James leaves a MIME-Version alone that begins with {@code 1.0}
     * @param sevenBit whether the body is made 7-bit data too
     */
    NormalizedMessage settle(MessageOctets raw, boolean keepsMimeVersion, SevenBitRule sevenBit) {
        MessageOctets message = raw.withCrlf();
        byte[] octets = message.array();
        Entity entity = Entity.of(octets, message.begin(), octets.length);
        Edits edits = new Edits(octets);
        int end = entity.headerEnd();
        settleMimeVersion(entity, keepsMimeVersion, edits);
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
        List<String> leftovers = sevenBit.converts(entity.named("dkim-signature"))
                ? SevenBitConversion.convert(octets, entity, edits)
                : List.of();
        return new NormalizedMessage(message.in(edits.apply()), message != raw, needsMessageId, leftovers);
    }

    private static void settleMimeVersion(Entity entity, boolean keeps, Edits edits) {
        List<HeaderField> versions = entity.named("mime-version");
        if (versions.isEmpty()) {
            edits.insert(entity.headerEnd(), MIME_VERSION + "\r\n");
            return;
        }
        if (keeps && entity.value("mime-version").orElse("").startsWith(THIS_VERSION)) {
            return;
        }
        HeaderField first = versions.getFirst();
        if (!text(first).equals(MIME_VERSION)) {
            edits.replace(entity.beginOf(first), entity.endOf(first), MIME_VERSION + "\r\n");
        }
        versions.subList(1, versions.size()).forEach(more -> edits.remove(entity.beginOf(more), entity.endOf(more)));
    }

    private static String text(HeaderField field) {
        return new String(field.block(), field.begin(), field.end() - field.begin(), StandardCharsets.ISO_8859_1);
    }
}
