package org.dkimproxy.standalone.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.LogLevel;
import org.dkimproxy.standalone.log.StderrLog;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void holdsTheNumberAndANewlineUntilItIsRemoved() throws Exception {
        PidFile file = PidFile.create(path, log);
        assertThat(path).hasContent(OWN + "\n");
        assertThat(Files.readString(path)).endsWith("\n");

        file.remove(log);
        assertThat(path).doesNotExist();
        assertThat(lines.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void runningProcessRefusesTheStart() throws Exception {
        Files.writeString(path, OWN + "\n");

        assertThatThrownBy(() -> PidFile.create(path, NOBODY, log))
                .isInstanceOf(StartException.class)
                .hasMessage("pid file " + path + ": process " + OWN
                        + " is running; stop it first, or give this one another pidfile");
        assertThat(path).hasContent(OWN + "\n");
    }

    @Test
    void fileLeftBehindIsReplacedWithAWarning() throws Exception {
        Files.writeString(path, NOBODY + "\n");
        PidFile.check(path);
        PidFile.create(path, log);

        assertThat(path).hasContent(OWN + "\n");
        assertThat(lines.toString(StandardCharsets.UTF_8))
                .isEqualTo("pid file " + path + ": replaced, since no process " + NOBODY + " runs\n");
    }

    @Test
    void emptyFileIsLeftBehindToo() throws Exception {
        Files.createFile(path);
        PidFile.create(path, log);

        assertThat(path).hasContent(OWN + "\n");
    }

    @Test
    void ownNumberFromAnEarlierContainerIsLeftBehindToo() throws Exception {
        Files.writeString(path, OWN + "\n");
        PidFile.create(path, log);

        assertThat(path).hasContent(OWN + "\n");
    }

    @Test
    void fileThatIsNoPidFileIsNotTouched() throws IOException {
        Files.writeString(path, "root:x:0:0\n");

        assertThatThrownBy(() -> PidFile.create(path, log)).hasMessageContaining("holds something else");
        assertThat(path).hasContent("root:x:0:0\n");
    }

    @Test
    void linkIsNotFollowed() throws IOException {
        Path target = Files.createFile(directory.resolve("target"));
        Files.createSymbolicLink(path, target);

        assertThatThrownBy(() -> PidFile.create(path, log)).hasMessageContaining("no regular file");
        assertThat(target).isEmptyFile();
    }

    @Test
    void linkToNothingIsNotFollowedEither() throws IOException {
        Path target = directory.resolve("target");
        Files.createSymbolicLink(path, target);

        assertThatThrownBy(() -> PidFile.create(path, log)).isInstanceOf(StartException.class);
        assertThat(target).doesNotExist();
    }

    @Test
    void fileOfAnotherIsNotRemoved() throws Exception {
        PidFile file = PidFile.create(path, log);
        Files.writeString(path, NOBODY + "\n");
        file.remove(log);

        assertThat(path).hasContent(NOBODY + "\n");
    }

    @Test
    void missingDirectoryIsSaidInOneLine() {
        Path elsewhere = directory.resolve("missing/pid");

        assertThatThrownBy(() -> PidFile.create(elsewhere, log))
                .hasMessage("pid file " + elsewhere + " cannot be written: no such file or directory");
    }

    @Test
    void fileThatIsOutOfSightIsEmptied() throws Exception {
        PidFile file = PidFile.create(path, log);
        Path elsewhere = Files.move(path, directory.resolve("elsewhere"));
        file.remove(log);

        assertThat(elsewhere).isEmptyFile();
        assertThat(lines.toString(StandardCharsets.UTF_8))
                .isEqualTo("pid file " + path + ": emptied, since this program may not remove it any more\n");
    }

    @Test
    void fileOutOfSightThatAnotherWroteToIsLeftAlone() throws Exception {
        PidFile file = PidFile.create(path, log);
        Path elsewhere = Files.move(path, directory.resolve("elsewhere"));
        Files.writeString(elsewhere, NOBODY + "\n");
        file.remove(log);

        assertThat(elsewhere).hasContent(NOBODY + "\n");
    }

    @Test
    void processThatEndedAndThatNobodyWaitedForIsLeftBehindToo() throws Exception {
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
        } finally {
            parent.destroyForcibly();
        }
    }
}
