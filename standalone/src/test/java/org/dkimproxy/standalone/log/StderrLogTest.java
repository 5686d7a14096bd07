package org.dkimproxy.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class StderrLogTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private DkimproxyLog log(LogLevel threshold) {
        return new StderrLog(new PrintStream(written, true, StandardCharsets.UTF_8), threshold);
    }

    @Test
    void no_text_begins_a_line_of_its_own() {
        log(LogLevel.INFO).info("from=<a\r\nDKIM signing - signed; \u001b[31m\u0085\u2028\u202e\u0000\u00e4>");

        assertThat(written.toString(StandardCharsets.UTF_8))
                .isEqualTo("from=<a??DKIM signing - signed; ?[31m????\u00e4>\n");
    }

    @Test
    void long_line_is_cut() {
        log(LogLevel.INFO).info("x".repeat(10_000));

        assertThat(written.size()).isEqualTo(LogLine.LIMIT + 1);
    }

    @Test
    void lines_below_the_level_are_left_out() {
        DkimproxyLog log = log(LogLevel.NOTICE);
        log.debug("d");
        log.info("i");
        log.notice("n");
        log.warning("w");
        log.error("e");

        assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("n\nw\ne\n");
    }

    @ParameterizedTest
    @CsvSource({
        "0, ERROR",
        "1, WARNING",
        "2, NOTICE",
        "3, INFO",
        "4, DEBUG",
        "error, ERROR",
        "Warning, WARNING",
        "debug, DEBUG"
    })
    void levels_are_words_and_numbers(String text, LogLevel level) {
        assertThat(LogLevel.ofText(text)).contains(level);
        assertThat(LogLevel.ofText("5")).isEmpty();
        assertThat(LogLevel.ofText("")).isEmpty();
    }

    @Test
    void libraries_log_through_it() {
        LogBridge.sendLibrariesTo(log(LogLevel.INFO));
        org.slf4j.Logger logger = LoggerFactory.getLogger("some.library");
        logger.debug("left out");
        logger.info("key {} read again", "k.pem");
        logger.warn("cannot read", new java.io.IOException("gone"));

        assertThat(written.toString(StandardCharsets.UTF_8))
                .startsWith("key k.pem read again\ncannot read: java.io.IOException: gone at ");
    }

    @Test
    void java_itself_logs_through_it() {
        LogBridge.sendLibrariesTo(log(LogLevel.WARNING));
        System.Logger logger = System.getLogger("some.part.of.java");
        logger.log(System.Logger.Level.INFO, "left out");
        logger.log(System.Logger.Level.WARNING, "{0} is weak", "it");

        assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo("it is weak\n");
    }
}
