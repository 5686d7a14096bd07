package org.dkimproxy.sendermap.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.junit.jupiter.api.Test;

class ProblemTest {

    @Test
    void a_plain_message_has_no_position() {
        assertThat(Problem.message(Severity.ERROR, "cannot read map x: Permission denied"))
                .hasToString("error: cannot read map x: Permission denied");
    }

    @Test
    void a_message_with_what_a_text_names_has_the_position_of_the_text() {
        assertThat(SourceText.of("conf", "x").error("cannot read map x: Permission denied"))
                .hasToString("conf:1:1: error: cannot read map x: Permission denied\n    x\n    ^");
    }

    @Test
    void only_the_neighbourhood_of_the_place_is_shown() {
        SourceText line = SourceText.of("x", "a".repeat(1000) + "!" + "b".repeat(1000));

        Problem problem = line.part(1000, 1001).error("a mark", "none");

        assertThat(problem.excerpt()).isEqualTo("a".repeat(60) + "!" + "b".repeat(59));
        assertThat(problem.caret()).isEqualTo(60);
    }

    @Test
    void what_could_fool_a_terminal_is_not_shown() {
        assertThat(Problem.quoted("a\u001B[31m\u202Eb\u2028c\u0000\t\uD800d"))
                .isEqualTo("\"a\uFFFD[31m\uFFFDb\uFFFDc\uFFFD \uFFFDd\"");
    }

    @Test
    void a_thousand_problems_are_kept_and_the_rest_is_counted() {
        Problems problems = new Problems();
        IntStream.rangeClosed(1, 1500).forEach(line -> warn(problems, line));

        List<Problem> kept = problems.toList();

        assertThat(kept).hasSize(1001);
        assertThat(kept.getLast().summary())
                .isEqualTo(
                        "x:1000:1: warning: found 0 more errors and 500 more warnings, expected those above to be corrected first");
    }

    @Test
    void warnings_do_not_push_out_errors() {
        Problems problems = new Problems();
        IntStream.rangeClosed(1, 5000).forEach(line -> warn(problems, line));
        problems.error(at(5001), "the error", "none");

        List<Problem> kept = problems.toList();

        assertThat(kept).hasSize(1001);
        assertThat(kept).extracting(Problem::found).contains("the error");
        assertThat(kept.getLast().severity()).isEqualTo(Severity.WARNING);
        assertThat(kept.getLast().found()).isEqualTo("0 more errors and 4001 more warnings");
    }

    @Test
    void problems_come_in_the_order_of_their_places() {
        Problems problems = new Problems();
        warn(problems, 3);
        problems.error(at(2), "a", "b");
        warn(problems, 1);

        assertThat(problems.toList())
                .extracting(problem -> problem.position().line())
                .containsExactly(1, 2, 3);
    }

    @Test
    void a_thousand_broken_lines_are_each_told_once() {
        String text = "no_such_option 5\n".repeat(Problems.KEPT);

        assertThat(ConfFile.parse("conf", text.getBytes(UTF_8), Set.of()).problems())
                .hasSize(Problems.KEPT);
    }

    private static void warn(Problems problems, int line) {
        problems.warning(at(line), "a warning", "none");
    }

    private static SourceText at(int line) {
        return new SourceText(new Position("x", line, 1), "", "");
    }
}
