package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Messages as files, for one foreign program that reads them all. */
final class BatchFiles {
    private BatchFiles() {}

    /** Writes {@code name.eml} for each message and a list with a line {@code name TAB file} for each; returns the list's path. */
    static Path write(Path folder, Map<String, byte[]> messages) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, byte[]> message : messages.entrySet()) {
            Path file = Files.write(folder.resolve(message.getKey() + ".eml"), message.getValue());
            lines.add(message.getKey() + "\t" + file);
        }
        return Files.write(folder.resolve("list.txt"), lines, StandardCharsets.UTF_8);
    }
}
