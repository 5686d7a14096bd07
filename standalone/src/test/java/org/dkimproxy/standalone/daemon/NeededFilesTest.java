package org.dkimproxy.standalone.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen without giving up rights. */
class NeededFilesTest {
    @TempDir
    Path directory;

    @Test
    void files_that_can_be_read_are_not_told_and_those_that_are_not_there_are_missing() throws IOException {
        Path there = Files.createFile(directory.resolve("there"));
        Path gone = directory.resolve("gone");
        NeededFiles files = new NeededFiles(List.of(there, gone), RunAs.UNCHANGED);

        assertThat(files.unreadable()).isEmpty();
        assertThat(files.missing()).containsExactly(gone);
    }

    @Test
    void what_is_no_file_is_not_opened() {
        NeededFiles files = new NeededFiles(List.of(directory, Path.of("/dev/stdin")), RunAs.UNCHANGED);

        assertThat(files.unreadable()).isEmpty();
        assertThat(files.missing()).isEmpty();
    }
}
