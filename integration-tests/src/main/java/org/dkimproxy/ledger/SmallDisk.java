package org.dkimproxy.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A tmpfs of a few octets, which can be filled. Needs the rights to mount one. */
final class SmallDisk implements Closeable {
    private static final int COMMAND_SECONDS = 20;
    private static final int BLOCK = 4096;

    private final Path folder;
    private final Path filler;

    /**
     * Mounts it on an empty folder.
     *
     * @throws IOException if that is not allowed
     */
    SmallDisk(Path folder, long octets) throws IOException, InterruptedException {
        this.folder = folder;
        this.filler = folder.resolve("filler");
        run("mount", "-t", "tmpfs", "-o", "size=" + octets, "tmpfs", folder.toString());
    }

    /** Leaves no free octet on it. */
    void fill() {
        byte[] block = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException _) {
            // full, which is what was wanted
        }
    }

    /** Makes room again. */
    void free() throws IOException {
        Files.deleteIfExists(filler);
    }

    @Override
    public void close() throws IOException {
        try {
            run("umount", "--lazy", folder.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " failed");
        }
    }
}
