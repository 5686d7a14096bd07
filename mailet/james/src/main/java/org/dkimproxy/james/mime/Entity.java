package org.dkimproxy.james.mime;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.dkimproxy.signing.message.HeaderCollector;
import org.dkimproxy.signing.message.HeaderField;
import org.dkimproxy.signing.message.HeaderFields;

/**
 * A stretch of octets that is a header, an empty line and a body: a message or a part of one (RFC 2045 section 2.4). Lines end
 * in CRLF.
 */
public final class Entity {
    private static final int EMPTY_LINE = 2;

    private final int begin;
    private final int end;
    private final HeaderFields fields;
    private final int headerEnd;
    private final int bodyBegin;

    private Entity(int begin, int end, HeaderFields fields, int headerEnd, int bodyBegin) {
        this.begin = begin;
        this.end = end;
        this.fields = fields;
        this.headerEnd = headerEnd;
        this.bodyBegin = bodyBegin;
    }

    /** The entity from {@code begin} to {@code end} of {@code message}. Without an empty line all of it is header. */
    public static Entity of(byte[] message, int begin, int end) {
        HeaderCollector collector = new HeaderCollector(Integer.MAX_VALUE);
        int body = collector.update(message, begin, end - begin);
        if (body == HeaderCollector.NOT_ENDED) {
            collector.finish();
            return new Entity(begin, end, collector.fields(), end, end);
        }
        return new Entity(begin, end, collector.fields(), body - EMPTY_LINE, body);
    }

    /** Whether there is an empty line after the header. */
    public boolean hasBody() {
        return headerEnd < bodyBegin;
    }

    /** Index of the first octet of the header. */
    public int begin() {
        return begin;
    }

    /** Index of the empty line after the header; of the end if there is none. */
    public int headerEnd() {
        return headerEnd;
    }

    /** Index of the first octet of the body. */
    public int bodyBegin() {
        return bodyBegin;
    }

    /** Index after the last octet of the body. */
    public int end() {
        return end;
    }

    /** The fields of this name, given in lower case, from the top down. */
    public List<HeaderField> named(String name) {
        return fields.named(name);
    }

    /** Index in the message of the first octet of a field of this entity. */
    public int beginOf(HeaderField field) {
        return begin + field.begin();
    }

    /** Index in the message after a field of this entity and its CRLF. */
    public int endOf(HeaderField field) {
        return begin + field.end() + 2;
    }

    /** The value of the first field of this name, unfolded and without blanks around it. */
    public Optional<String> value(String name) {
        return named(name).stream().findFirst().map(Entity::value);
    }

    static String value(HeaderField field) {
        String raw = new String(
                field.block(), field.valueBegin(), field.end() - field.valueBegin(), StandardCharsets.ISO_8859_1);
        return raw.replace("\r\n", "").strip();
    }
}
