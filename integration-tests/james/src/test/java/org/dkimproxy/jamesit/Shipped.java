package org.dkimproxy.jamesit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the other modules leave. */
final class Shipped {
    /** The conf folder for an administrator to copy. */
    static final Path CONF = Path.of("../../james-conf");

    /** The installable tree of the proxy and its tools. */
    static final Path TREE = Path.of("../../standalone/target/dkimproxy");

    /** The jars of James 3.8. */
    static final Path JAMES = Path.of("../james-server/target/lib");

    private static final Path JARS = Path.of("../../mailet/james/target");

    private Shipped() {}

    /** The mailet for James 3.8. */
    static Path javax() throws IOException {
        return jar("-javax.jar");
    }

    /** The mailet for James 3.9. */
    static Path jakarta() throws IOException {
        return jar("-jakarta.jar");
    }

    /** A program of the installable tree. */
    static String program(String name) {
        Path program = TREE.resolve("bin").resolve(name).toAbsolutePath().normalize();
        if (!Files.isExecutable(program)) {
            throw new AssertionError(program + " is missing: build the standalone module first (mvn package)");
        }
        return program.toString();
    }

    private static Path jar(String ending) throws IOException {
        try (Stream<Path> files = Files.list(JARS)) {
            List<Path> jars = files.filter(
                            file -> file.getFileName().toString().matches("dkimproxy-mailet-.*" + ending))
                    .toList();
            if (jars.size() != 1) {
                throw new IOException("not one jar *" + ending + " in " + JARS + " but " + jars
                        + ": build the module mailet/james first (mvn package)");
            }
            return jars.getFirst();
        }
    }
}
