package org.dkimproxy.standalone.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SystemFilesTest {
    @TempDir
    Path directory;

    @Test
    void what_is_in_a_jar_is_found_when_the_jar_is_gone() throws Exception {
        Path jar = directory.resolve("late.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest())) {
            out.putNextEntry(new JarEntry("late.txt"));
            out.write("here".getBytes(StandardCharsets.US_ASCII));
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path") + File.pathSeparator + jar,
                        Probe.class.getName(),
                        jar.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEqualTo("here");
    }

    private static Manifest manifest() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        return manifest;
    }

    /** Opens the files of the system, removes a jar, and prints what is in it. */
    static final class Probe {
        private Probe() {}

        public static void main(String[] args) throws Exception {
            SystemFiles.open();
            Files.delete(Path.of(args[0]));
            try (var in = ClassLoader.getSystemResourceAsStream("late.txt")) {
                System.out.write(in == null ? new byte[0] : in.readAllBytes());
                System.out.flush();
            }
        }
    }
}
