package org.dkimproxy.standalone.packaging;

import java.util.List;
import java.util.stream.Collectors;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.standalone.cli.Program;

/**
 * The manual page of a program: prose from a template, and what the usage text says, from the source of the usage text.
 *
 * <p>In the template a line {@code @synopsis@}, {@code @purpose@} or {@code @options@} stands for that part, and
 * {@code @version@} and {@code @date@} for themselves.
 */
final class ManPage {
    private final Program program;

    ManPage(Program program) {
        this.program = program;
    }

    /**
     * The page.
     *
     * @param template roff
     * @param date of the build, as YYYY-MM-DD
     */
    String of(String template, String version, String date) {
        return template.replace("@version@", Roff.escape(version))
                .replace("@date@", date)
                .replace("@synopsis@\n", synopsis())
                .replace("@purpose@\n", Roff.escape(program.purpose()) + "\n")
                .replace("@options@\n", options());
    }

    private String synopsis() {
        String words = program.synopsis().substring(program.name().length());
        return Roff.bold(program.name()) + Roff.escape(words) + "\n";
    }

    private String options() {
        StringBuilder text = new StringBuilder();
        for (OptionTable.Group group : program.options().groups()) {
            text.append(".SS ").append(Roff.escape(group.title())).append('\n');
            group.options().stream()
                    .filter(option -> option.effect() != Option.Effect.NONE)
                    .forEach(option -> text.append(paragraph(option)));
            text.append(withoutEffect(group.options()));
        }
        text.append(".SS Other\n.TP\n")
                .append(Roff.bold("--help"))
                .append(", ")
                .append(Roff.bold("-?"))
                .append("\nPrints the usage.\n.TP\n")
                .append(Roff.bold("--version"))
                .append("\nPrints the version.\n");
        return text.toString();
    }

    private static String paragraph(Option<?> option) {
        String forms = option.aliases().stream()
                .sorted()
                .map(alias -> ", " + Roff.bold("--" + alias))
                .collect(Collectors.joining(
                        "",
                        Roff.bold("--" + option.name()),
                        option.isFlag() ? "" : "=" + Roff.italic(option.argument())));
        return ".TP\n" + forms + "\n" + Roff.escape(sentence(option)) + "\n";
    }

    private static String sentence(Option<?> option) {
        String help = option.help();
        return Character.toUpperCase(help.charAt(0)) + help.substring(1) + "."
                + (option.isList() ? " May be repeated." : "")
                + (option.defaultText().isEmpty() ? "" : " Default: " + option.defaultText() + ".");
    }

    private static String withoutEffect(List<Option<?>> options) {
        String names = options.stream()
                .filter(option -> option.effect() == Option.Effect.NONE)
                .map(option -> Roff.bold("--" + option.name()))
                .collect(Collectors.joining(",\n"));
        return names.isEmpty() ? "" : ".PP\nAccepted, and without effect here:\n" + names + ".\n";
    }
}
