package org.dkimproxy.sendermap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;

/** The lines of a fuzzed file, cut in the plainest way, as a judge of the places that a parser names. */
public final class FuzzedText {
    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

    private final String file;
    private final List<String> lines;

    public FuzzedText(String file, byte[] content) {
        this.file = file;
        String octets = new String(content, ISO_8859_1);
        String unmarked = octets.startsWith(BYTE_ORDER_MARK) ? octets.substring(BYTE_ORDER_MARK.length()) : octets;
        this.lines = List.of(unmarked.split("\n", -1)).stream()
                .map(line -> decode(line.replaceFirst("\r+\\z", "")))
                .toList();
    }

    /** Every problem names this file, a line it has, and a column in that line or just behind it; and can be printed. */
    public void assertHoldsPlaces(List<Problem> problems) {
        for (Problem problem : problems) {
            assertHolds(problem.position());
            problem.first().ifPresent(this::assertHolds);
            assertThat(problem.found()).isNotEmpty();
            assertThat(problem.expected()).isNotEmpty();
            assertThat(problem.summary().chars()).noneMatch(c -> c < ' ' || c == 127);
            assertThat(problem.caret()).isBetween(0, problem.excerpt().length());
        }
    }

    /** The fragment stands where it says. */
    public void assertHolds(SourceText fragment) {
        Position position = fragment.position();
        assertHolds(position);
        String line = lines.get(position.line() - 1);
        assertThat(fragment.lineText()).isEqualTo(line);
        assertThat(line.substring(position.column() - 1)).startsWith(fragment.text());
    }

    private void assertHolds(Position position) {
        assertThat(position.file()).isEqualTo(file);
        assertThat(position.line()).isBetween(1, lines.size());
        assertThat(position.column())
                .isBetween(1, lines.get(position.line() - 1).length() + 1);
    }

    private static String decode(String line) {
        byte[] octets = line.getBytes(ISO_8859_1);
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (CharacterCodingException notUtf8) {
            return line;
        }
    }
}
