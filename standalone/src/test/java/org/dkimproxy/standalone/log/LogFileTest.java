package org.dkimproxy.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogFileTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-03-04T12:00:00.1239Z"));

    private static final int ATTEMPTS = 3000;

    @TempDir
    Path directory;

    private Path path;
    private final List<String> complaints = new ArrayList<>();

    @BeforeEach
    void name() {
        path = directory.resolve("dkimproxy.log");
    }

    @Test
    void lines_are_added_to_what_is_there_with_their_time() throws IOException {
        Files.writeString(path, "before\n");
        try (LogFile file = open()) {
            file.write(LogLevel.INFO, "one \u00e4");
            file.write(LogLevel.DEBUG, "two");
        }

        assertThat(path).hasContent("before\n2026-03-04T12:00:00.123Z one \u00e4\n2026-03-04T12:00:00.123Z two\n");
    }

    @Test
    void new_file_is_for_its_owner_and_group() throws IOException {
        open().close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void moved_file_is_left_at_once_when_asked() throws IOException {
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
    void moved_file_is_noticed_unasked() throws IOException, InterruptedException {
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
    void what_cannot_be_opened_again_is_told_once_and_the_old_file_stays() throws IOException {
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
                .containsExactly("cannot reopen log_file " + path + ": Is a directory; the open file stays in use");
        assertThat(old).content().contains(" one\n").endsWith(" two\n");
        assertThat(path).content().endsWith(" three\n");
    }

    @Test
    void what_cannot_be_a_file_is_told_before_it_is_opened() throws Exception {
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

    /** Whoever may write to the directory could have root write anywhere. */
    @Test
    void root_follows_no_link_of_another() throws IOException {
        Assumptions.assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0), "needs to be root");
        Path target = Files.writeString(directory.resolve("target"), "precious\n");
        Path link = Files.createSymbolicLink(path, target);
        Files.setAttribute(link, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Path folderLink = Files.createSymbolicLink(directory.resolve("logs"), folder);
        Files.setAttribute(folderLink, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        Path below = folderLink.resolve("x.log");

        assertThatThrownBy(this::open)
                .hasMessage("cannot open log_file " + path + ": " + link
                        + " is a symbolic link that belongs to user 65534, and root"
                        + " follows none but its own; name the file itself, or give the link to root with chown -h");
        assertThatThrownBy(() -> open(below)).hasMessageContaining(folderLink + " is a symbolic link that belongs to");
        assertThat(LogFile.obstacle(path)).get().asString().contains("is a symbolic link that belongs to user 65534");
        assertThat(target).hasContent("precious\n");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void link_that_is_planted_later_is_not_followed_either() throws IOException {
        Assumptions.assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0), "needs to be root");
        Path target = Files.writeString(directory.resolve("target"), "precious\n");
        try (LogFile file = open()) {
            Files.move(path, directory.resolve("dkimproxy.log.1"));
            Files.setAttribute(Files.createSymbolicLink(path, target), "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
            file.reopen();
            file.write(LogLevel.INFO, "one");
        }

        assertThat(target).hasContent("precious\n");
        assertThat(complaints).singleElement().asString().contains("is a symbolic link that belongs to user 65534");
        assertThat(directory.resolve("dkimproxy.log.1")).content().endsWith(" one\n");
    }

    /** Where the system lets anybody link to files of others (fs.protected_hardlinks=0 of Linux). */
    @Test
    void root_writes_to_no_hard_link_in_a_directory_of_another() throws IOException {
        Assumptions.assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0), "needs to be root");
        Path precious = Files.writeString(directory.resolve("precious"), "precious\n");
        Path logs = Files.createDirectory(directory.resolve("logs"));
        Files.setAttribute(logs, "unix:uid", 65534);
        Path link = Files.createLink(logs.resolve("x.log"), precious);

        assertThatThrownBy(() -> open(link))
                .hasMessage("cannot open log_file " + link + ": it is a hard link to another file, perhaps made by a"
                        + " user who can write to its directory; move it away");
        assertThat(precious).hasContent("precious\n");

        Path own = Files.createLink(directory.resolve("own.log"), precious);
        open(own).close();
        Files.delete(link);
        open(link).close();
    }

    /** Whoever owns a directory on the way can exchange it between a look and its use, again and again. */
    @Test
    void directory_that_is_exchanged_meanwhile_leads_nowhere_else() throws Exception {
        Assumptions.assumeTrue(Files.getAttribute(directory, "unix:uid").equals(0), "needs to be root");
        Path precious = Files.createDirectory(directory.resolve("precious"));
        Path logs = Files.createDirectory(directory.resolve("logs"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), precious);
        Files.setAttribute(link, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        Path aside = directory.resolve("aside");
        AtomicBoolean ends = new AtomicBoolean();
        Thread attacker = Thread.ofPlatform().start(() -> {
            while (!ends.get()) {
                move(logs, aside);
                move(link, logs);
                move(logs, link);
                move(aside, logs);
            }
        });
        int opened = 0;
        try {
            for (int i = 0; i < ATTEMPTS; i++) {
                try (LogFile _ = open(logs.resolve("x.log"))) {
                    opened++;
                } catch (IOException refused) {
                    // the link was seen, or neither of the two was there
                }
            }
        } finally {
            ends.set(true);
            attacker.join();
        }

        assertThat(precious).isEmptyDirectory();
        assertThat(opened).isPositive();
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void own_links_are_followed() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("folder"));
        Files.createSymbolicLink(directory.resolve("logs"), Path.of("folder"));
        Files.createSymbolicLink(folder.resolve("x.log"), Path.of("../target"));
        try (LogFile file = open(directory.resolve("logs/x.log"))) {
            file.write(LogLevel.INFO, "one");
        }

        assertThat(directory.resolve("target")).content().endsWith(" one\n");
    }

    private LogFile open() throws IOException {
        return open(path);
    }

    private LogFile open(Path where) throws IOException {
        return LogFile.open(where, NOON, complaints::add);
    }
}
