package org.dkimproxy.sendermap.map;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.function.Supplier;

/**
 * A file of a map.
 *
 * @param file its name, for problems
 * @param content opens it: UTF-8; a line that is not is read as ISO-8859-1
 */
public record MapPart(String file, Supplier<InputStream> content) {
    /** A part with these bytes. */
    public static MapPart of(String file, byte[] content) {
        return new MapPart(file, () -> new ByteArrayInputStream(content));
    }
}
