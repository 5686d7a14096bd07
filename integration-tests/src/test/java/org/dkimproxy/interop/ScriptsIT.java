package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two commands of the README say in one line what is missing, and find a JDK where it usually is. */
class ScriptsIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void elsewhere_than_on_debian_both_commands_name_what_is_missing_in_one_line() throws IOException {
        // the scripts run in a copy of the root of a file system that holds no JDK: only the tools that they call
        Path tools = Files.createDirectory(folder.resolve("bin"));
        for (String tool : List.of("sed", "dirname", "readlink", "sh")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
        }
        String withoutJvm = Files.readString(ROOT.resolve("tools/find-jdk"), StandardCharsets.UTF_8)
                .replace("/usr/lib/jvm/*", folder + "/jvm/*");
        Files.createDirectory(folder.resolve("tools"));
        for (String command : List.of("demo", "test", "tools/install-missing")) {
            Files.copy(ROOT.resolve(command), folder.resolve(command), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path findJdk = Files.writeString(folder.resolve("tools/find-jdk"), withoutJvm, StandardCharsets.UTF_8);
        assertThat(findJdk.toFile().setExecutable(true)).isTrue();
        for (String command : List.of("demo", "test")) {
            Programs.Result result = Programs.run(
                    LIMIT,
                    List.of(
                            "/usr/bin/env",
                            "-i",
                            "PATH=" + tools,
                            "/bin/sh",
                            folder.resolve(command).toString()));
            assertThat(result.errors())
                    .isEqualTo(
                            "Missing: a JDK 25 (looked for in JAVA_HOME, on the PATH and below /usr/lib/jvm), Maven (mvn on the PATH)\n");
            assertThat(result.output()).isEmpty();
            assertThat(result.exit()).isEqualTo(1);
        }
    }

    @Test
    void java_home_wins_when_it_is_new_enough() throws IOException {
        String home = System.getProperty("java.home");
        Programs.Result result = Programs.run(
                LIMIT,
                List.of(
                        "/usr/bin/env",
                        "JAVA_HOME=" + home,
                        ROOT.resolve("tools/find-jdk").toString()));
        assertThat(result.output()).isEqualTo(home + "\n");
    }

    @Test
    void an_old_java_home_is_passed_over() throws IOException {
        Path old = Files.createDirectories(folder.resolve("old/bin"));
        assertThat(Files.createFile(old.resolve("javac")).toFile().setExecutable(true))
                .isTrue();
        Files.writeString(folder.resolve("old/release"), "JAVA_VERSION=\"17.0.15\"\n", StandardCharsets.UTF_8);
        Programs.Result result = Programs.run(
                LIMIT,
                List.of(
                        "/usr/bin/env",
                        "JAVA_HOME=" + folder.resolve("old"),
                        "PATH=" + System.getProperty("java.home") + "/bin:/usr/bin:/bin",
                        ROOT.resolve("tools/find-jdk").toString()));
        assertThat(result.output().strip())
                .isNotEmpty()
                .isNotEqualTo(folder.resolve("old").toString());
        assertThat(result.exit()).isZero();
    }
}
