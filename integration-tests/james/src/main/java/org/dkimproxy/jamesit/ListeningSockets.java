package org.dkimproxy.jamesit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Where a process listens by TCP, from what Linux shows below {@code /proc} (proc(5)). */
final class ListeningSockets {
    private static final String LISTEN = "0A";

    private ListeningSockets() {}

    /** The addresses and ports that a process listens on. */
    static List<InetSocketAddress> of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        Set<String> own = inodes(process.resolve("fd"));
        List<InetSocketAddress> places = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(process.resolve("net").resolve(table), StandardCharsets.US_ASCII)) {
                // sl, local address, remote address, state, queues, timer, retransmits, user, timeout, inode
                String[] columns = line.strip().split("\\s+", -1);
                if (columns[3].equals(LISTEN) && own.contains(columns[9])) {
                    places.add(address(columns[1]));
                }
            }
        }
        return places;
    }

    private static Set<String> inodes(Path descriptors) throws IOException {
        Set<String> inodes = new HashSet<>();
        try (Stream<Path> links = Files.list(descriptors)) {
            for (Path link : links.toList()) {
                String target = Files.isSymbolicLink(link) ? target(link) : "";
                if (target.startsWith("socket:[")) {
                    inodes.add(target.substring("socket:[".length(), target.length() - 1));
                }
            }
        }
        return inodes;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    /** An address as the kernel writes it: words of 32 bits, each as the machine reads it, a colon, the port. */
    private static InetSocketAddress address(String text) throws IOException {
        String[] parts = text.split(":", -1);
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(parts[0]));
        ByteBuffer octets = ByteBuffer.allocate(words.capacity()).order(ByteOrder.nativeOrder());
        while (words.hasRemaining()) {
            octets.putInt(words.getInt());
        }
        return new InetSocketAddress(InetAddress.getByAddress(octets.array()), Integer.parseInt(parts[1], 16));
    }
}
