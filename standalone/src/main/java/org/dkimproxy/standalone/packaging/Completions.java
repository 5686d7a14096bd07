package org.dkimproxy.standalone.packaging;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.standalone.cli.Program;

/** Writes the completion of command lines in bash, one file for each program, from the tables of their options. */
final class Completions {
    private static final String TEMPLATE = """
            # Completion of the command line of @name@ for bash.
            _@function@() {
                local current=${COMP_WORDS[COMP_CWORD]} option=
                COMPREPLY=()
                # bash takes an equals sign for a word of its own
                if [[ $current == "=" ]]; then
                    option=${COMP_WORDS[COMP_CWORD - 1]}
                    current=
                elif [[ $COMP_CWORD -gt 1 && ${COMP_WORDS[COMP_CWORD - 1]} == "=" ]]; then
                    option=${COMP_WORDS[COMP_CWORD - 2]}
                fi
                case $option in
            @values@        --*) return ;;
                esac
                if [[ $current == -* ]]; then
                    mapfile -t COMPREPLY < <(compgen -W "@options@" -- "$current")
                    if [[ ${COMPREPLY[0]-} == *= ]]; then
                        compopt -o nospace 2> /dev/null
                    fi
                else
                    compopt -o filenames 2> /dev/null
                    mapfile -t COMPREPLY < <(compgen -f -- "$current")
                fi
            }
            complete -F _@function@ @name@
            """;

    private Completions() {}

    /** The argument is the directory to write to. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        for (Program program : ManPages.PROGRAMS.values()) {
            Files.writeString(directory.resolve(program.name()), of(program), StandardCharsets.US_ASCII);
        }
    }

    static String of(Program program) {
        List<Option<?>> options = program.options().options().toList().stream()
                .filter(option -> option.effect() != Option.Effect.NONE)
                .toList();
        String words = Stream.concat(
                        options.stream().map(option -> "--" + option.name() + (option.isFlag() ? "" : "=")),
                        Stream.of("--help", "--version"))
                .collect(Collectors.joining(" "));
        return TEMPLATE.replace("@values@", values(options))
                .replace("@options@", words)
                .replace("@name@", program.name())
                .replace("@function@", program.name().replaceAll("[^a-z]", "_"));
    }

    private static String values(List<Option<?>> options) {
        TreeMap<String, String> cases = new TreeMap<>();
        cases.put(names(options, option -> option.argument().equals("FILE")), files("-f"));
        cases.put(names(options, option -> option.argument().equals("DIR")), files("-d"));
        options.stream()
                .filter(option -> option.argument().matches("[a-z0-9]+(\\|[a-z0-9]+)+"))
                .forEach(option -> cases.put(
                        "--" + option.name(),
                        "mapfile -t COMPREPLY < <(compgen -W \""
                                + option.argument().replace('|', ' ') + "\" -- \"$current\"); return ;;"));
        cases.remove("");
        return cases.entrySet().stream()
                .map(found -> "        " + found.getKey() + ") " + found.getValue() + "\n")
                .collect(Collectors.joining());
    }

    private static String names(List<Option<?>> options, Predicate<Option<?>> wanted) {
        return options.stream()
                .filter(wanted)
                .map(option -> "--" + option.name())
                .sorted()
                .collect(Collectors.joining(" | "));
    }

    private static String files(String kind) {
        return "compopt -o filenames 2> /dev/null; mapfile -t COMPREPLY < <(compgen " + kind
                + " -- \"$current\"); return ;;";
    }
}
