package org.dkimproxy.standalone.posix;

import java.nio.charset.Charset;
import java.nio.file.Path;

/** Open files of this process, by the names that Linux gives them, and file names as the C library takes them. */
final class OpenFiles {
    /** Whether there are such names, and the functions and flags of Linux. */
    static final boolean IS_LINUX = "Linux".equals(System.getProperty("os.name"));

    /** Of file names, as for {@link java.nio.file.Files}. */
    static final Charset NAMES = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private OpenFiles() {}

    /** The name of an open file or directory: always this one, even if its first name is another file now. */
    static Path name(int descriptor) {
        return DESCRIPTORS.resolve(Integer.toString(descriptor));
    }
}
