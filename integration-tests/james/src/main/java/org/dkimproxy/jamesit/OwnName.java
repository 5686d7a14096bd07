package org.dkimproxy.jamesit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The host name of this machine, which James looks up when it starts. Where the name has no address, as in a chroot or a container
 * without an {@code /etc/hosts}, James fails; a hosts file for its virtual machine alone helps.
 */
final class OwnName {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private OwnName() {}

    /** A look-up of the name of this machine. */
    @FunctionalInterface
    interface LookUp {
        /** Throws if the name has no address. */
        InetAddress address() throws UnknownHostException;
    }

    /**
     * The flags for a virtual machine that is to resolve the name of this machine: none where the system resolves it.
     *
     * @param folder where a hosts file may be written
     */
    static List<String> flags(Path folder) throws IOException {
        return flags(InetAddress::getLocalHost, folder);
    }

    static List<String> flags(LookUp lookUp, Path folder) throws IOException {
        try {
            lookUp.address();
            return List.of();
        } catch (UnknownHostException unresolved) {
            String name = Files.readString(HOST_NAME, StandardCharsets.US_ASCII).strip();
            System.err.println(
                    "The host name " + name + " of this machine has no address, and James needs one. Here James takes"
                            + " 127.0.0.1 for it; elsewhere, add the line \"127.0.1.1 " + name + "\" to /etc/hosts.");
            return List.of("-Djdk.net.hosts.file=" + write(folder.resolve("hosts"), name));
        }
    }

    private static Path write(Path file, String name) throws IOException {
        return Files.writeString(file, "127.0.0.1 localhost\n127.0.0.1 " + name + "\n", StandardCharsets.US_ASCII)
                .toAbsolutePath();
    }
}
