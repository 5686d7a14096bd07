package org.dkimproxy.interop;

import java.nio.file.Files;
import java.nio.file.Path;

/** The installable tree that the build of the standalone module leaves. */
final class Tree {
    /** Its root, from the folder of this module, where the tests run. */
    static final Path ROOT = Path.of("../standalone/target/dkimproxy");

    private Tree() {}

    /** A program of the tree. */
    static String program(String name) {
        Path program = ROOT.resolve("bin").resolve(name).toAbsolutePath().normalize();
        if (!Files.isExecutable(program)) {
            throw new AssertionError(program + " is missing: build the standalone module first (mvn package)");
        }
        return program.toString();
    }
}
