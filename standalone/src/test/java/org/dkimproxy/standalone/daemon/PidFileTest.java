package org.dkimproxy.standalone.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.dkimproxy.standalone.DkimproxyOut;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.StderrLog;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PidFileTest {
    private static final long OWN = ProcessHandle.current().pid();

    /** Above the largest number that Linux gives to a process. */
    private static final long NOBODY = 4_194_305;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final DkimproxyLog log =
            new StderrLog(new PrintStream(lines, true, StandardCharsets.UTF_8), LogLevel.DEBUG);
    private Path path;

    @BeforeEach
    void name() {
        path = directory.resolve("pid");
    }

    @Test
    void holds_the_number_and_a_newline_until_it_is_removed() throws Exception {
        PidFile file = PidFile.create(path, log);
        assertThat(path).hasContent(OWN + "\n");
        assertThat(Files.readString(path)).endsWith("\n");

        file.remove(log);
        assertThat(path).doesNotExist();
        assertThat(lines.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void running_program_refuses_the_start() throws Exception {
        assertThat(RunningProgram.MAIN_CLASS).isEqualTo(DkimproxyOut.class.getName());
        Process other = process(RunningProgram.MAIN_CLASS);
        try {
            Files.writeString(path, other.pid() + "\n");

            assertThatThrownBy(() -> PidFile.create(path, log))
                    .isInstanceOf(StartException.class)
                    .hasMessage("pidfile " + path + ": process " + other.pid()
                            + " is running; stop it first, or give this one another pidfile");
            assertThat(path).hasContent(other.pid() + "\n");
        } finally {
            other.destroyForcibly();
        }
    }

    /** Whoever can write to the file could otherwise keep the program from starting, and have "process 1" stopped. */
    @ParameterizedTest
    @ValueSource(strings = {"org.dkimproxy.standalone.DkimproxyOut.java", "-Dx=org.dkimproxy.standalone.DkimproxyOut"})
    void process_of_another_program_is_not_believed(String word) throws Exception {
        Process other = process(word);
        try {
            Files.writeString(path, other.pid() + "\n");
            PidFile.check(path);
            PidFile.create(path, log);

            assertThat(path).hasContent(OWN + "\n");
            assertThat(lines.toString(StandardCharsets.UTF_8))
                    .isEqualTo(
                            "pidfile " + path + ": replaced, since process " + other.pid() + " is another program\n");
        } finally {
            other.destroyForcibly();
        }
    }

    /** With an open one, a program that was taken over after it dropped its privileges could name a process to stop. */
    @Test
    void is_closed_once_it_is_written() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "a system without a proc file system");
        PidFile file = PidFile.create(path, log);
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            assertThat(descriptors.filter(descriptor -> leadsTo(descriptor, directory)))
                    .isEmpty();
        }
        file.remove(log);
    }

    @Test
    void everybody_can_read_it() throws Exception {
        PidFile.create(path, log);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-r--r--");
    }

    /** Whoever can exchange a directory on the way could otherwise have root create a file anywhere. */
    @Test
    void root_goes_through_no_link_of_another() throws IOException {
        Assumptions.assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0), "needs to be root");
        Path target = Files.createDirectory(directory.resolve("target"));
        Path link = Files.createSymbolicLink(directory.resolve("run"), target);
        Files.setAttribute(link, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);

        assertThatThrownBy(() -> PidFile.create(link.resolve("pid"), log))
                .hasMessageContaining(link + " is a symbolic link that belongs to user 65534");
        assertThat(target).isEmptyDirectory();
    }

    private static boolean leadsTo(Path descriptor, Path directory) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(directory.toRealPath());
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    /** A process that does nothing, with this as a word of its command line. */
    private static Process process(String word) throws IOException {
        Process process = new ProcessBuilder("/bin/sh", "-c", "echo started; read -r line", word).start();
        process.inputReader(StandardCharsets.US_ASCII).readLine();
        return process;
    }

    @Test
    void file_left_behind_is_replaced_with_a_warning() throws Exception {
        Files.writeString(path, NOBODY + "\n");
        PidFile.check(path);
        PidFile.create(path, log);

        assertThat(path).hasContent(OWN + "\n");
        assertThat(lines.toString(StandardCharsets.UTF_8))
                .isEqualTo("pidfile " + path + ": replaced, since no process " + NOBODY + " runs\n");
    }

    @Test
    void empty_file_is_left_behind_too() throws Exception {
        Files.createFile(path);
        PidFile.create(path, log);

        assertThat(path).hasContent(OWN + "\n");
    }

    @Test
    void own_number_from_an_earlier_container_is_left_behind_too() throws Exception {
        Files.writeString(path, OWN + "\n");
        PidFile.create(path, log);

        assertThat(path).hasContent(OWN + "\n");
    }

    @Test
    void file_that_is_no_pid_file_is_not_touched() throws IOException {
        Files.writeString(path, "root:x:0:0\n");

        assertThatThrownBy(() -> PidFile.create(path, log)).hasMessageContaining("holds something else");
        assertThat(path).hasContent("root:x:0:0\n");
    }

    @Test
    void link_is_not_followed() throws IOException {
        Path target = Files.createFile(directory.resolve("target"));
        Files.createSymbolicLink(path, target);

        assertThatThrownBy(() -> PidFile.create(path, log)).hasMessageContaining("no regular file");
        assertThat(target).isEmptyFile();
    }

    @Test
    void link_to_nothing_is_not_followed_either() throws IOException {
        Path target = directory.resolve("target");
        Files.createSymbolicLink(path, target);

        assertThatThrownBy(() -> PidFile.create(path, log)).isInstanceOf(StartException.class);
        assertThat(target).doesNotExist();
    }

    @Test
    void file_of_another_is_not_removed() throws Exception {
        PidFile file = PidFile.create(path, log);
        Files.writeString(path, NOBODY + "\n");
        file.remove(log);

        assertThat(path).hasContent(NOBODY + "\n");
    }

    @Test
    void missing_directory_is_said_in_one_line() {
        Path elsewhere = directory.resolve("missing/pid");

        assertThatThrownBy(() -> PidFile.create(elsewhere, log))
                .hasMessage("cannot write pidfile " + elsewhere + ": No such file or directory");
    }

    @Test
    void file_that_is_out_of_sight_is_left_behind() throws Exception {
        PidFile file = PidFile.create(path, log);
        Path elsewhere = Files.move(path, directory.resolve("elsewhere"));
        file.remove(log);

        assertThat(elsewhere).hasContent(OWN + "\n");
        assertThat(lines.toString(StandardCharsets.UTF_8))
                .isEqualTo("cannot remove pidfile " + path + ": No such file or directory\n");
    }

    @Test
    void process_that_ended_and_that_nobody_waited_for_is_left_behind_too() throws Exception {
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self")), "a system without a proc file system");
        Process parent = new ProcessBuilder("/bin/sh", "-c", "sleep 1 & echo $!; exec sleep 100").start();
        try (BufferedReader out = parent.inputReader(StandardCharsets.US_ASCII)) {
            String zombie = out.readLine();
            Path stat = Path.of("/proc", zombie, "stat");
            for (int i = 0; i < 1000 && !Files.readString(stat).contains(") Z "); i++) {
                Thread.sleep(10);
            }
            Files.writeString(path, zombie + "\n");
            PidFile.create(path, log);

            assertThat(path).hasContent(OWN + "\n");
            assertThat(lines.toString(StandardCharsets.UTF_8))
                    .isEqualTo("pidfile " + path + ": replaced, since no process " + zombie + " runs\n");
        } finally {
            parent.destroyForcibly();
        }
    }
}
