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
    private final byte[] message;
    private final int begin;
    private final int end;
    private final HeaderFields fields;
    private final int bodyBegin;

    private Entity(byte[] message, int begin, int end, HeaderFields fields, int bodyBegin) {
        this.message = message;
        this.begin = begin;
        this.end = end;
        this.fields = fields;
        this.bodyBegin = bodyBegin;
    }

    /** The entity from {@code begin} to {@code end} of {@code message}. Without an empty line all of it is header. */
    public static Entity of(byte[] message, int begin, int end) {
        HeaderCollector collector = new HeaderCollector(Integer.MAX_VALUE);
        int body = collector.update(message, begin, end - begin);
        if (body == HeaderCollector.NOT_ENDED) {
            collector.finish();
            return new Entity(message, begin, end, collector.fields(), end);
        }
        return new Entity(message, begin, end, collector.fields(), body);
    }

    /** Whether there is an empty line between header and body. */
    public boolean hasBody() {
        return bodyBegin < end || endsInEmptyLine();
    }

    private boolean endsInEmptyLine() {
        boolean lineEnd = end - begin >= 2 && message[end - 2] == '\r' && message[end - 1] == '\n';
        return lineEnd
                && (end - begin == 2 || (end - begin >= 4 && message[end - 4] == '\r' && message[end - 3] == '\n'));
    }

    /** Index of the first octet of the header. */
    public int begin() {
        return begin;
    }

    /** Index of the empty line after the header; of the end if there is none. */
    public int headerEnd() {
        return hasBody() ? bodyBegin - 2 : end;
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
