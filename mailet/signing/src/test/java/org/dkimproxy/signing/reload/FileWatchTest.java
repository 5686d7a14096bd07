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
    void unchangedFileIsNoChange() {
        assertThat(watch.look()).isEqualTo(nothing());
        assertThat(watch.look()).isEqualTo(nothing());
    }

    @Test
    void changeCountsOnceTwoLooksSawTheSame() throws IOException {
        Files.writeString(file, "longer");

        assertThat(watch.look()).isEqualTo(nothing());
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void fileThatIsBeingWrittenIsLeftAloneUntilItIsQuiet() throws IOException {
        for (int i = 0; i < 5; i++) {
            Files.writeString(file, "more", StandardOpenOption.APPEND);
            assertThat(watch.look()).isEqualTo(nothing());
        }
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void fileOfTheSameSizeAndTimeIsToldByItsPlaceOnDisk() throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Path other = Files.writeString(directory.resolve("other"), "two");
        Files.setLastModifiedTime(other, time);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);

        watch.look();
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void changeOfModeIsAChangeSinceItMayMakeAFileReadable() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));

        watch.look();
        assertThat(watch.look()).isEqualTo(change());
    }

    /** As Kubernetes swaps a mounted secret: the file is a link through a directory that is a link. */
    @Test
    void swappedLinkToADirectoryIsAChange() throws IOException {
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
    void fileThatIsGoneIsToldOnceAndIsNoChange() throws IOException {
        Files.delete(file);

        assertThat(watch.look()).isEqualTo(nothing());
        assertThat(watch.look()).isEqualTo(new FileWatch.Finding(false, Set.of(file)));
        assertThat(watch.look()).isEqualTo(nothing());

        Files.writeString(file, "back");
        watch.look();
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void fileThatIsGoneForAMomentIsNotTold() throws IOException {
        Files.delete(file);
        assertThat(watch.look()).isEqualTo(nothing());
        Files.writeString(file, "anew");

        assertThat(watch.look()).isEqualTo(nothing());
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void fileThatWasNotThereWhenReadIsAChangeOnceItIs() throws IOException {
        Path missing = directory.resolve("missing");
        watch.read(FileStamps.of(List.of(missing)));
        assertThat(watch.look()).isEqualTo(nothing());
        Files.writeString(missing, "x");

        watch.look();
        assertThat(watch.look()).isEqualTo(change());
    }

    @Test
    void readStateIsNoChangeAnyMore() throws IOException {
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
