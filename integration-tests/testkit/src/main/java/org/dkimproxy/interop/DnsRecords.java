package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the DNS would say.
 *
 * @param texts TXT records by name: {@code selector._domainkey.domain}, without a final dot
 */
public record DnsRecords(SortedMap<String, String> texts) {
    public DnsRecords {
        texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
    }

    /** Writes one line for each record, the name and its text with a blank between: the form of OpenDKIM's TestPublicKeys. */
    Path write(Path file) throws IOException {
        StringBuilder lines = new StringBuilder();
        texts.forEach(
                (name, text) -> lines.append(name).append(' ').append(text).append('\n'));
        return Files.writeString(file, lines, StandardCharsets.US_ASCII);
    }
}
