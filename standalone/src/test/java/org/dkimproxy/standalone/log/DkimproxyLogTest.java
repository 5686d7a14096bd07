package org.dkimproxy.standalone.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DkimproxyLogTest {
    private final List<String> lines = new ArrayList<>();
    private final List<String> made = new ArrayList<>();
    private final DkimproxyLog log = new DkimproxyLog() {
        @Override
        public void log(LogLevel level, String message) {
            lines.add(level.word() + " " + message);
        }

        @Override
        public boolean isWanted(LogLevel level) {
            return level == LogLevel.INFO;
        }
    };

    @Test
    void a_line_is_made_if_it_is_wanted() {
        log.log(LogLevel.DEBUG, () -> make("one"));
        log.log(LogLevel.INFO, () -> make("two"));

        assertThat(made).containsExactly("two");
        assertThat(lines).containsExactly("info two");
    }

    private String make(String line) {
        made.add(line);
        return line;
    }
}
