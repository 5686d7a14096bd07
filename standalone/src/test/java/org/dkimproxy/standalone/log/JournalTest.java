package org.dkimproxy.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path directory;

    @Test
    void is_the_stream_that_the_variable_names() throws IOException {
        Path stream = Files.createFile(directory.resolve("stream"));
        Path other = Files.createFile(directory.resolve("other"));
        String name = Files.getAttribute(stream, "unix:dev") + ":" + Files.getAttribute(stream, "unix:ino");

        assertThat(Journal.reads(Optional.of(name), stream)).isTrue();
        assertThat(Journal.reads(Optional.of(name), Files.createSymbolicLink(directory.resolve("fd"), stream)))
                .isTrue();
        assertThat(Journal.reads(Optional.of(name), other)).isFalse();
        assertThat(Journal.reads(Optional.of("nonsense"), stream)).isFalse();
        assertThat(Journal.reads(Optional.of(name), directory.resolve("missing")))
                .isFalse();
        assertThat(Journal.reads(Optional.empty(), stream)).isFalse();
    }

    @Test
    void every_line_has_the_priority_of_its_level() {
        assertThat(Journal.prefixed(LogLevel.WARNING, "one")).isEqualTo("<4>one");
        assertThat(Journal.prefixed(LogLevel.ERROR, "one\ntwo")).isEqualTo("<3>one\n<3>two");
    }

    @Test
    void every_line_of_the_stream_of_errors_has_the_priority_of_errors() {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        PrintStream stream = Journal.ofErrors(new PrintStream(written, true, StandardCharsets.UTF_8));
        stream.println("Error: one\nError: two");
        stream.print("three");
        stream.println(" \u00E4nd four");

        assertThat(written.toString(StandardCharsets.UTF_8))
                .isEqualTo("<3>Error: one\n<3>Error: two\n<3>three \u00E4nd four\n");
    }
}
