package org.dkimproxy.jamesit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A folder as the kubelet mounts a secret: each name is a link into {@code ..data}, and that is a link to the folder with the
 * files of today. An update makes a new folder and moves the one link.
 */
final class MountedSecret {
    private static final String TODAY = "..data";

    private final Path mount;
    private int versions;

    private MountedSecret(Path mount) {
        this.mount = mount;
    }

    /** Puts a mounted secret with the same files in the place of a folder. */
    static MountedSecret inPlaceOf(Path folder) throws IOException {
        Path plain = Files.move(folder, folder.resolveSibling("plain"));
        MountedSecret secret = new MountedSecret(Files.createDirectory(folder));
        try (Stream<Path> files = Files.list(plain)) {
            secret.publish(files.toList());
        }
        return secret;
    }

    /** Changes the text of one file, and publishes all of them anew. */
    void update(String name, UnaryOperator<String> change) throws IOException {
        Path file = mount.resolveSibling("plain").resolve(name);
        Files.writeString(file, change.apply(Files.readString(file, StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
        try (Stream<Path> files = Files.list(mount.resolveSibling("plain"))) {
            publish(files.toList());
        }
    }

    private void publish(List<Path> files) throws IOException {
        Path version = Files.createDirectory(mount.resolve("..version-" + versions++));
        for (Path file : files) {
            Files.copy(file, version.resolve(file.getFileName()));
            Path name = mount.resolve(file.getFileName());
            if (!Files.isSymbolicLink(name)) {
                Files.createSymbolicLink(name, Path.of(TODAY).resolve(file.getFileName()));
            }
        }
        Path next = Files.createSymbolicLink(mount.resolve("..data_tmp"), version.getFileName());
        Files.move(next, mount.resolve(TODAY), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
