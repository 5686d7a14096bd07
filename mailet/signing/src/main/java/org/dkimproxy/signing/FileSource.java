package org.dkimproxy.signing;

import java.io.IOException;
import java.nio.file.Path;

/** Turns a file name of the configuration into a path: plain paths in the proxy, James's {@code file://} names in the mailet. */
@FunctionalInterface
public interface FileSource {
    /** Names are paths, relative ones from the working directory. */
    FileSource PLAIN = Path::of;

    /** The path of a configured name. Throws if the name cannot be a path. */
    Path resolve(String name) throws IOException;
}
