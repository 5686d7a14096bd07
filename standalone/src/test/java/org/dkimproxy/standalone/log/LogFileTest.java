package org.dkimproxy.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogFileTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-03-04T12:00:00.1239Z"));

    @TempDir
    Path directory;

    private Path path;
    private final List<String> complaints = new ArrayList<>();

    @BeforeEach
    void name() {
        path = directory.resolve("dkimproxy.log");
    }

    @Test
    void linesAreAddedToWhatIsThereWithTheirTime() throws IOException {
        Files.writeString(path, "before\n");
        try (LogFile file = open()) {
            file.write(LogLevel.INFO, "one \u00e4");
            file.write(LogLevel.DEBUG, "two");
        }

        assertThat(path).hasContent("before\n2026-03-04T12:00:00.123Z one \u00e4\n2026-03-04T12:00:00.123Z two\n");
    }

    @Test
    void newFileIsForItsOwnerAndGroup() throws IOException {
        open().close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isIn("rw-r-----", "rw-------");
    }

    @Test
    void movedFileIsLeftAtOnceWhenAsked() throws IOException {
        Path old = directory.resolve("dkimproxy.log.1");
        try (LogFile file = open()) {
            file.write(LogLevel.INFO, "one");
            Files.move(path, old);
            file.reopen();
            file.write(LogLevel.INFO, "two");
        }

        assertThat(old).content().endsWith(" one\n");
        assertThat(path).content().endsWith("Z two\n").doesNotContain("one");
    }

    @Test
    void movedFileIsNoticedUnasked() throws IOException, InterruptedException {
        try (LogFile file = open()) {
            file.write(LogLevel.INFO, "one");
            Files.delete(path);
            while (!Files.exists(path)) {
                file.write(LogLevel.INFO, "two");
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }

        assertThat(path).content().contains(" two\n").doesNotContain("one");
    }

    @Test
    void whatCannotBeOpenedAgainIsToldOnceAndTheOldFileStays() throws IOException {
        Path old = directory.resolve("dkimproxy.log.1");
        try (LogFile file = open()) {
            Files.move(path, old);
            Files.createDirectory(path);
            file.reopen();
            file.write(LogLevel.INFO, "one");
            file.reopen();
            file.write(LogLevel.INFO, "two");
            Files.delete(path);
            file.reopen();
            file.write(LogLevel.INFO, "three");
        }

        assertThat(complaints)
                .containsExactly("log_file " + path
                        + " cannot be opened again (Is a directory); the one that is open stays in use");
        assertThat(old).content().contains(" one\n").endsWith(" two\n");
        assertThat(path).content().endsWith(" three\n");
    }

    @Test
    void whatCannotBeAFileIsToldBeforeItIsOpened() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();

        assertThatThrownBy(() -> open(directory.resolve("none/x.log")))
                .isInstanceOf(IOException.class)
                .hasMessage("log_file " + directory + "/none/x.log: there is no directory " + directory
                        + "/none; make it first");
        assertThatThrownBy(() -> open(directory)).hasMessage("log_file " + directory + " is no file");
        assertThatThrownBy(() -> open(fifo)).hasMessage("log_file " + fifo + " is no file");
        open(Path.of("/dev/null")).close();
    }

    private LogFile open() throws IOException {
        return open(path);
    }

    private LogFile open(Path where) throws IOException {
        return LogFile.open(where, NOON, complaints::add);
    }
}
