package org.dkimproxy.jamesit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The configuration that James ships with one of its servers.
 *
 * @param server the folder of the server in the sources of James
 */
record ConfOfJames(Path server) {
    /** James 3.8 with everything in memory. */
    static final ConfOfJames MEMORY_3_8 = of("3.8.1", "memory-app");

    /** James 3.9 with everything in memory. */
    static final ConfOfJames MEMORY_3_9 = of("3.9.0", "memory-app");

    /** The distributed James 3.9. */
    static final ConfOfJames DISTRIBUTED_3_9 = of("3.9.0", "distributed-app");

    private static ConfOfJames of(String version, String server) {
        return new ConfOfJames(
                Path.of("target", "james-project", "james-project-" + version, "server", "apps", server));
    }

    /** Copies what the archive of the server has in its conf folder. */
    void copyArchive(Path conf) throws IOException {
        copy(List.of("sample-configuration"), conf);
    }

    /** Copies what the image of the server has in {@code /root/conf}. */
    void copyImage(Path conf) throws IOException {
        copy(List.of("sample-configuration", "docker-configuration"), conf);
    }

    private void copy(List<String> layers, Path conf) throws IOException {
        Files.createDirectories(conf);
        for (String layer : layers) {
            Path folder = server.resolve(layer);
            if (!Files.isDirectory(folder)) {
                throw new AssertionError(folder + " is missing: mvn pre-integration-test unpacks it");
            }
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.copy(file, conf.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
