package org.dkimproxy.james;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.james.filesystem.api.FileSystem;
import org.dkimproxy.signing.FileSource;

/**
 * File names as James writes them: {@code file://conf/NAME} is in the conf folder; an absolute path is what it says. James
 * itself would look for a plain path in the class path, so that one never gets there, and a relative one is refused.
 */
record JamesFiles(FileSystem fileSystem) implements FileSource {
    @Override
    public Path resolve(String name) throws IOException {
        if (name.startsWith(FileSystem.FILE_PROTOCOL)) {
            return fileSystem.getFile(name).toPath();
        }
        Path path = Path.of(name);
        if (!path.isAbsolute()) {
            throw new IOException("neither file://conf/NAME nor an absolute path");
        }
        return path;
    }
}
