package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the two commands of the README install on a Debian, with programs in the place of dpkg, apt and Maven that write down how they are called. */
class InstallMissingTest {
    private static final Path SOURCE = Path.of("..").toAbsolutePath().normalize();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String JDK = "openjdk-25-jdk-headless";
    private static final String INSTALL = "apt-get install -y -qq --no-install-recommends ";
    private static final String OF_TESTS =
            "libmail-dkim-perl python3-dkim python3-nacl postfix opendkim opendkim-tools curl debootstrap"
                    + " lintian mandoc groff-base systemd systemd-container dpkg-dev logrotate iproute2";

    @TempDir
    Path folder;

    private Path programs;

    @BeforeEach
    void makeWorld() throws IOException {
        programs = Files.createDirectory(folder.resolve("bin"));
        Files.createDirectory(folder.resolve("jvm"));
        Files.createDirectory(folder.resolve("tools"));
        Files.createFile(folder.resolve("installed"));
        Files.createFile(folder.resolve("calls"));
        for (String tool : List.of("sed", "dirname", "readlink", "sh", "grep", "cat", "mkdir", "chmod", "cp")) {
            Files.createSymbolicLink(programs.resolve(tool), Path.of("/usr/bin", tool));
        }
        for (String command : List.of("demo", "test", "tools/install-missing")) {
            Files.copy(SOURCE.resolve(command), folder.resolve(command), StandardCopyOption.COPY_ATTRIBUTES);
        }
        String findJdk = Files.readString(SOURCE.resolve("tools/find-jdk"), StandardCharsets.UTF_8);
        script(folder.resolve("tools/find-jdk"), findJdk.replace("/usr/lib/jvm/*", folder + "/jvm/*"));
        program("dpkg-query", "for p; do :; done; grep -qx \"$p\" FOLDER/installed && echo install ok installed");
        program("debconf-set-selections", "cat > /dev/null");
        program("apt-cache", "echo Package: \"$2\"");
        program("apt-get", """
                echo "apt-get $*" >> FOLDER/calls
                for word; do
                    case $word in
                        maven) cp FOLDER/mvn FOLDER/bin/mvn ;;
                        openjdk-25-*)
                            mkdir -p FOLDER/jvm/25/bin
                            cp FOLDER/mvn FOLDER/jvm/25/bin/javac
                            echo 'JAVA_VERSION="25"' > FOLDER/jvm/25/release
                            ;;
                    esac
                    echo "$word" >> FOLDER/installed
                done
                """);
        script(folder.resolve("mvn"), "#!/bin/sh\necho \"mvn $*\" >> " + folder + "/calls\n");
    }

    @Test
    void root_gets_all_packages_and_the_tests_run() throws IOException {
        program("id", "echo 0");
        Programs.Result result = run("test", "-pl", "sendermap-parser");
        assertThat(result.exit()).as(result.errors()).isZero();
        assertThat(result.errors()).isEqualTo("Installing: " + JDK + " maven " + OF_TESTS + "\n");
        assertThat(calls())
                .containsExactly(
                        "apt-get update -qq",
                        INSTALL + JDK,
                        INSTALL + JDK + " maven " + OF_TESTS,
                        "mvn -B -ntp verify -am -pl sendermap-parser");
    }

    @Test
    void what_is_installed_is_left_alone() throws IOException {
        program("id", "echo 0");
        run("test");
        Files.writeString(folder.resolve("calls"), "", StandardCharsets.UTF_8);
        Programs.Result result = run("test");
        assertThat(result.exit()).isZero();
        assertThat(result.errors()).isEmpty();
        assertThat(calls()).containsExactly("mvn -B -ntp verify");
    }

    @Test
    void others_get_one_line_that_names_every_package() throws IOException {
        program("id", "echo 1000");
        for (String command : List.of("demo", "test")) {
            String packages = " " + JDK + " maven" + (command.equals("test") ? " " + OF_TESTS : "");
            Programs.Result result = run(command);
            assertThat(result.errors())
                    .isEqualTo("Missing Debian packages:" + packages + ". Run apt-get install --no-install-recommends"
                            + packages + "\n");
            assertThat(result.exit()).isEqualTo(1);
            assertThat(calls()).isEmpty();
        }
    }

    @Test
    void packages_of_tests_alone_do_not_stop_the_tests() throws IOException {
        program("id", "echo 0");
        run("test");
        Files.writeString(folder.resolve("calls"), "", StandardCharsets.UTF_8);
        Files.writeString(folder.resolve("installed"), "", StandardCharsets.UTF_8);
        program("id", "echo 1000");
        Programs.Result result = run("test");
        assertThat(result.errors())
                .startsWith("Missing Debian packages: libmail-dkim-perl ")
                .hasLineCount(1);
        assertThat(calls()).containsExactly("mvn -B -ntp verify");
    }

    /** Debian 12 has none. */
    @Test
    void a_release_without_the_jdk_gets_the_rest_and_is_told() throws IOException {
        program("id", "echo 0");
        program("apt-cache", "[ \"$2\" = " + JDK + " ] || echo Package: \"$2\"");
        Programs.Result result = run("demo");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(calls()).containsExactly("apt-get update -qq", INSTALL + "maven");
        assertThat(result.errors())
                .isEqualTo("Installing: " + JDK + " maven\nMissing: a JDK 25 (this release has no " + JDK
                        + ": install another, and set JAVA_HOME)\n");
    }

    private Programs.Result run(String... words) throws IOException {
        String command =
                folder.resolve(words[0]) + " " + String.join(" ", List.of(words).subList(1, words.length));
        return Programs.run(
                TIMEOUT, List.of("/usr/bin/env", "-i", "PATH=" + programs, "/bin/sh", "-c", "exec /bin/sh " + command));
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(folder.resolve("calls"), StandardCharsets.UTF_8);
    }

    private void program(String name, String text) throws IOException {
        script(programs.resolve(name), "#!/bin/sh\n" + text.replace("FOLDER", folder.toString()) + "\n");
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
