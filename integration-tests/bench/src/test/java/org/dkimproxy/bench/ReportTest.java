package org.dkimproxy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Report report(boolean judges) {
        return new Report(new PrintStream(out, true, StandardCharsets.UTF_8), judges);
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_bar_that_is_reached_is_told() {
        Report report = report(true);
        report.line("ratio", 0.93, "", Bar.atLeast(0.92), "");
        report.line("time", 200, "ms", Bar.atMost(200), "");
        assertThat(printed()).contains("reached").doesNotContain("MISSED");
        assertThat(report.exitCode()).isZero();
    }

    @Test
    void a_bar_that_is_missed_ends_with_one() {
        Report report = report(true);
        report.line("ratio", 0.919, "", Bar.atLeast(0.92), "");
        report.line("time", 1, "ms", Bar.atMost(200), "");
        assertThat(printed()).contains("MISSED");
        assertThat(report.exitCode()).isOne();
    }

    @Test
    void a_short_run_judges_nothing() {
        Report report = report(false);
        report.line("ratio", 0.1, "", Bar.atLeast(0.92), "");
        assertThat(printed()).contains("not judged");
        assertThat(report.exitCode()).isZero();
    }

    @Test
    void the_median_is_the_middle() {
        assertThat(Figures.median(3, 1, 100)).isEqualTo(3);
        assertThat(Figures.median(4, 1, 2, 100)).isEqualTo(3);
    }
}
