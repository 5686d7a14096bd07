package org.dkimproxy.sendermap;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.text.Parsed;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A table of inputs and of the problems that they give, as a person sees them.
 *
 * <p>The lines of an input begin with {@code "> "}; Java's escapes work in them. The lines up to the next blank line are the problems, or
 * {@code fine}. Lines that begin with {@code "## "} are headings.
 */
public final class ProblemTable {
    private ProblemTable() {}

    public static Stream<Arguments> read(String resource) {
        return Arrays.stream(text(resource).split("\n\n+"))
                .filter(block -> block.startsWith("> "))
                .map(ProblemTable::row);
    }

    private static Arguments row(String block) {
        List<String> input = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String line : block.strip().lines().toList()) {
            if (line.startsWith(">")) {
                input.add(line.substring(Math.min(2, line.length())).translateEscapes());
            } else {
                problems.add(line);
            }
        }
        return Arguments.of(String.join("\n", input), String.join("\n", problems));
    }

    private static String text(String resource) {
        try (InputStream in = ProblemTable.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The problems as the table has them: no line ends with a blank, since those do not survive in a resource. */
    public static String shown(Parsed<?> checked) {
        return checked.problems().isEmpty()
                ? "fine"
                : checked.problems().stream()
                        .flatMap(problem -> problem.toString().lines())
                        .map(String::stripTrailing)
                        .collect(Collectors.joining("\n"));
    }
}
