package org.dkimproxy.signing.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatchTest {
    @TempDir
    Path directory;

    private Path file;
    private FileWatch watch;

    @BeforeEach
    void watchOneFile() throws IOException {
        file = Files.writeString(directory.resolve("map"), "one");
        watch = new FileWatch(FileStamps.of(List.of(file)));
    }

    @Test
    void unchanged_file_is_no_change() {
        assertThat(watch.look()).isEqualTo(nothing());
        assertThat(watch.look()).isEqualTo(nothing());
    }

    @Test
    void file_that_goes_from_a_watched_directory_is_a_change_and_not_in_use_any_more() throws IOException {
        watch = new FileWatch(FileStamps.of(List.of(directory, file)));
        Files.delete(file);

        assertThat(watch.look()).isEqualTo(nothing());
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void change_counts_once_two_looks_saw_the_same() throws IOException {
        Files.writeString(file, "longer");

        assertThat(watch.look()).isEqualTo(nothing());
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void file_that_is_being_written_is_left_alone_until_it_is_quiet() throws IOException {
        for (int i = 0; i < 5; i++) {
            Files.writeString(file, "more", StandardOpenOption.APPEND);
            assertThat(watch.look()).isEqualTo(nothing());
        }
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void file_of_the_same_size_and_time_is_told_by_its_place_on_disk() throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Path other = Files.writeString(directory.resolve("other"), "two");
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);

        watch.look();
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void change_of_mode_is_a_change_since_it_may_make_a_file_readable() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));

        watch.look();
        assertThat(watch.look()).isEqualTo(change());
    }

    /** As Kubernetes swaps a mounted secret: the file is a link through a directory that is a link. */
    @Test
    void swapped_link_to_a_directory_is_a_change() throws IOException {
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        Files.writeString(first.resolve("map"), "1");
        Files.writeString(second.resolve("map"), "2");
        Path data = Files.createSymbolicLink(directory.resolve("..data"), Path.of("first"));
        Path mounted = Files.createSymbolicLink(directory.resolve("mounted"), Path.of("..data", "map"));
        watch = new FileWatch(FileStamps.of(List.of(mounted)));
        assertThat(watch.look()).isEqualTo(nothing());

        Path next = Files.createSymbolicLink(directory.resolve("..next"), Path.of("second"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);

        assertThat(watch.look()).isEqualTo(nothing());
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void file_that_is_gone_is_told_once_and_is_no_change() throws IOException {
        Files.delete(file);

        assertThat(watch.look()).isEqualTo(nothing());
        assertThat(watch.look()).isEqualTo(new FileWatch.Finding(false, Set.of(file)));
        assertThat(watch.look()).isEqualTo(nothing());

        Files.writeString(file, "back");
        watch.look();
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void file_that_is_gone_for_a_moment_is_not_told() throws IOException {
        Files.delete(file);
        assertThat(watch.look()).isEqualTo(nothing());
        Files.writeString(file, "anew");

        assertThat(watch.look()).isEqualTo(nothing());
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void file_that_was_not_there_when_read_is_a_change_once_it_is() throws IOException {
        Path missing = directory.resolve("missing");
        watch.read(FileStamps.of(List.of(missing)));
        assertThat(watch.look()).isEqualTo(nothing());
        Files.writeString(missing, "x");

        watch.look();
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void read_state_is_no_change_any_more() throws IOException {
        Files.writeString(file, "longer");
        watch.read(FileStamps.of(List.of(file)));

        assertThat(watch.look()).isEqualTo(nothing());
        assertThat(watch.look()).isEqualTo(nothing());
    }

    private static FileWatch.Finding nothing() {
        return new FileWatch.Finding(false, Set.of());
    }

    private static FileWatch.Finding change() {
        return new FileWatch.Finding(true, Set.of());
    }
}
