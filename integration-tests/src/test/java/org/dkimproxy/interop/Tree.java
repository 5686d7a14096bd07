package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The installable tree that the build of the standalone module leaves. */
final class Tree {
    /** Its root, from the folder of this module, where the tests run. */
    static final Path ROOT = Path.of("../standalone/target/dkimproxy");

    private Tree() {}

    /** The archive of this ending that the build made of the tree. */
    static Path archive(String ending) throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolveSibling("."))) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending))
                    .findFirst()
                    .map(file -> file.toAbsolutePath().normalize())
                    .orElseThrow(() -> new AssertionError("no " + ending + ": build the standalone module first"));
        }
    }

    /** A program of the tree. */
    static String program(String name) {
        Path program = ROOT.resolve("bin").resolve(name).toAbsolutePath().normalize();
        if (!Files.isExecutable(program)) {
            throw new AssertionError(program + " is missing: build the standalone module first (mvn package)");
        }
        return program.toString();
    }
}
