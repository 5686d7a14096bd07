package org.dkimproxy.standalone.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.standalone.tool.DkimproxyKeygen;
import org.junit.jupiter.api.Test;

/** The tables of options in {@code docs/configure.md} and {@code docs/keys.md} are those of {@link ProxyOptions}, no less and no more. */
class OptionsDocumentTest {
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9.]+");

    /** The cells of the rows of all tables whose first heading is "option", by the names in the first cell. */
    private static Map<Set<String>, List<String>> rows(String document) throws IOException {
        Map<Set<String>, List<String>> rows =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        boolean inTable = false;
        for (String line : text(document).lines().toList()) {
            inTable = line.startsWith("| option |") || (inTable && line.startsWith("|"));
            if (inTable && line.startsWith("| `")) {
                List<String> cells = Stream.of(
                                line.substring(1, line.length() - 1).split("(?<!\\\\)\\|", -1))
                        .map(cell -> cell.strip().replace("\\|", "|"))
                        .toList();
                assertThat(rows.put(new TreeSet<>(codes(cells.getFirst())), cells))
                        .as(line)
                        .isNull();
            }
        }
        return rows;
    }

    private static String text(String document) throws IOException {
        return Files.readString(Path.of("../docs", document), StandardCharsets.UTF_8);
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    private static Set<String> names(Option<?> option) {
        Set<String> names = new TreeSet<>(option.aliases());
        names.add(option.name());
        return names;
    }

    private static List<Option<?>> effective() {
        return ProxyOptions.TABLE.options().toList().stream()
                .filter(option -> option.effect() != Option.Effect.NONE)
                .toList();
    }

    @Test
    void the_tables_have_every_option_with_its_aliases() throws IOException {
        assertThat(rows("configure.md").keySet())
                .containsExactlyInAnyOrderElementsOf(
                        effective().stream().map(OptionsDocumentTest::names).toList());
    }

    @Test
    void values_defaults_and_repetition_are_those_declared() throws IOException {
        Map<Set<String>, List<String>> rows = rows("configure.md");
        for (Option<?> option : effective()) {
            List<String> cells = rows.get(names(option));
            assertThat(String.join(" ", codes(cells.get(1)))).as(option.name()).isEqualTo(option.argument());
            assertThat(cells.get(2).isEmpty())
                    .as("no default of " + option.name())
                    .isEqualTo(option.defaultText().isEmpty());
            if (PLAIN.matcher(option.defaultText()).matches()) {
                assertThat(codes(cells.get(2)))
                        .as("default of " + option.name())
                        .containsExactly(option.defaultText());
            }
            assertThat(cells.get(3).contains("repeatable"))
                    .as(option.name() + " is repeatable")
                    .isEqualTo(option.isList());
        }
    }

    @Test
    void the_options_without_effect_are_listed() throws IOException {
        String paragraph =
                text("configure.md").split("Net::Server's process pool", 2)[1].split("\n\n", 2)[0];
        Set<String> declared = new HashSet<>(ProxyOptions.TABLE.names());
        effective().forEach(option -> declared.removeAll(names(option)));

        assertThat(codes(paragraph)).containsExactlyInAnyOrderElementsOf(declared);
    }

    @Test
    void the_table_of_the_key_generator_has_its_options() throws IOException {
        Map<Set<String>, List<String>> rows = rows("keys.md");

        assertThat(rows.keySet())
                .containsExactlyInAnyOrderElementsOf(DkimproxyKeygen.PROGRAM.options().options().toList().stream()
                        .map(OptionsDocumentTest::names)
                        .toList());
        for (Option<?> option : DkimproxyKeygen.PROGRAM.options().options().toList()) {
            assertThat(String.join("", codes(rows.get(names(option)).get(2))))
                    .as("default of " + option.name())
                    .isEqualTo(option.defaultText());
        }
    }
}
