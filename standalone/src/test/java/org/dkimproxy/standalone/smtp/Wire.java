package org.dkimproxy.standalone.smtp;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Octets written as text, for tests: {@code \r \n \0} are themselves. */
final class Wire {
    private Wire() {}

    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    static String escaped(String text) {
        return text.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
    }

    static WireInput input(String text) {
        return new WireInput(new ByteArrayInputStream(octets(text)), 16 * 1024);
    }

    /** The same, delivered one octet a read. */
    static WireInput slowInput(String text) {
        InputStream whole = new ByteArrayInputStream(octets(text));
        return new WireInput(
                new InputStream() {
                    @Override
                    public int read() throws java.io.IOException {
                        return whole.read();
                    }

                    @Override
                    public int read(byte[] array, int offset, int length) throws java.io.IOException {
                        return whole.read(array, offset, 1);
                    }
                },
                16 * 1024);
    }
}
