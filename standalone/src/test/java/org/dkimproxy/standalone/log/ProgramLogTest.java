package org.dkimproxy.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProgramLogTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream standardError = new ByteArrayOutputStream();
    private final ProgramLog log = new ProgramLog(stream(standardError), ProgramLog.Surroundings.FOREGROUND);

    @Test
    void only_warnings_are_written_until_the_settings_are_known() throws IOException {
        log.info("early");
        log.warning("early warning");
        log.adjust(LogSettings.STANDARD);
        log.debug("late");
        log.flush();

        assertThat(written()).isEqualTo("early warning\nlate\n");
    }

    @Test
    void lines_of_a_session_end_with_its_id() throws IOException {
        log.adjust(LogSettings.STANDARD);
        LogSession.run("a-1", () -> log.info("one; from=<x>"));
        log.info("outside");
        LogSession.run("a-2", () -> log.info("x".repeat(3000)));
        log.flush();

        assertThat(written())
                .isEqualTo("one; from=<x>; session=a-1\noutside\n" + "x".repeat(LogLine.LIMIT) + "; session=a-2\n");
    }

    @Test
    void ids_of_sessions_differ() {
        LogSession.Ids ids = new LogSession.Ids();

        assertThat(ids.next()).matches("[0-9a-z]+-1").isNotEqualTo(ids.next());
    }

    @Test
    void with_compat_lines_of_a_session_are_those_of_dkimproxy_14() throws IOException {
        LogSettings standard = LogSettings.STANDARD;
        log.adjust(new LogSettings(standard.threshold(), standard.destination(), standard.syslog(), false, false));
        LogSession.run("a-1", () -> log.info("one"));
        log.flush();

        assertThat(written()).isEqualTo("one\n");
    }

    @Test
    void journal_gets_the_priority_of_each_line() throws IOException {
        ProgramLog journal = new ProgramLog(stream(standardError), ProgramLog.Surroundings.JOURNAL);
        journal.adjust(LogSettings.STANDARD);
        journal.error("one");
        journal.warning("two");
        journal.notice("three");
        journal.info("four");
        journal.debug("five");
        journal.flush();

        assertThat(written()).isEqualTo("<3>one\n<4>two\n<5>three\n<6>four\n<7>five\n");
    }

    @Test
    void file_gets_what_standard_error_gets() throws IOException {
        Path path = directory.resolve("log");
        log.adjust(toFile(path, LogLevel.INFO));
        log.info("both");
        log.debug("none");
        log.flush();

        assertThat(written()).isEqualTo("both\n");
        assertThat(Files.readString(path)).matches("\\S+Z both\n");
    }

    @Test
    void level_follows_later_settings_and_the_file_stays() throws IOException {
        Path path = directory.resolve("log");
        log.adjust(toFile(path, LogLevel.INFO));
        log.adjust(toFile(directory.resolve("other"), LogLevel.DEBUG));
        log.debug("traced");
        log.flush();

        assertThat(path).content().endsWith(" traced\n");
        assertThat(directory.resolve("other")).doesNotExist();
    }

    @Test
    void file_that_cannot_be_opened_is_told() {
        assertThatThrownBy(() -> log.adjust(toFile(directory.resolve("none/log"), LogLevel.INFO)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("log_file " + directory.resolve("none/log") + ": ");
    }

    @Test
    void file_that_cannot_be_written_is_told_on_standard_error_once() throws IOException {
        log.adjust(toFile(Path.of("/dev/full"), LogLevel.INFO));
        log.info("one");
        log.flush();
        log.info("two");
        log.flush();
        log.flush();

        assertThat(written())
                .isEqualTo("one\ncannot write log_file /dev/full: No space left on device; its lines are lost"
                        + " until that changes\ntwo\n");
    }

    @Test
    void standard_error_that_nobody_reads_holds_up_neither_mail_nor_the_file_nor_the_end() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        ProgramLog stuck = new ProgramLog(
                stream(new OutputStream() {
                    @Override
                    public void write(int octet) throws IOException {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }
                }),
                ProgramLog.Surroundings.FOREGROUND);
        Path path = directory.resolve("log");
        stuck.adjust(toFile(path, LogLevel.DEBUG));
        for (int i = 0; i < 100_000; i++) {
            stuck.debug("DKIM signing - signed; message-id=<" + i + "@example.org>, from=<a@example.org>");
        }
        stuck.flush();

        assertThat(path).content().contains(" DKIM signing - signed; message-id=<0@example.org>");
        never.countDown();
    }

    private static LogSettings toFile(Path path, LogLevel threshold) {
        return new LogSettings(threshold, new LogSettings.Destination.File(path), SyslogSettings.STANDARD, false, true);
    }

    private static PrintStream stream(OutputStream out) {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    private String written() {
        return standardError.toString(StandardCharsets.UTF_8);
    }
}
