package org.dkimproxy.standalone.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dkimproxy.sendermap.conf.ConfFile;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.NearestName;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.config.GivenOptions;
import org.dkimproxy.signing.config.Option;
import org.dkimproxy.signing.config.OptionTable;
import org.dkimproxy.standalone.config.UsageException;

/**
 * A command line, taken apart: {@code --name=value}, {@code --name value}, {@code --flag}, and arguments. Hyphens and
 * underscores in names are alike, as are upper and lower case; {@code --} ends the options. Where a program allows it, the
 * hyphens before the name of an option may be left out.
 *
 * @param request what is asked of the program
 * @param options in the order given, by their proper names
 * @param arguments what is no option
 */
public record CommandLine(Request request, List<ConfOption> options, List<SourceText> arguments) {
    /** What may be asked of every program. */
    public enum Request {
        /** To do its work. */
        RUN,
        /** To print its usage: {@code --help} or {@code -?}. */
        HELP,
        /** To print its version: {@code --version}. */
        VERSION
    }

    /** Takes copies. */
    public CommandLine {
        options = List.copyOf(options);
        arguments = List.copyOf(arguments);
    }

    /**
     * Takes a command line apart.
     *
     * @param hyphensOptional whether the two hyphens before a name may be left out, as dkimproxy 1.4 allowed
     * @throws UsageException for an unknown option, or one without its value
     */
    public static CommandLine parse(List<String> words, OptionTable known, boolean hyphensOptional)
            throws UsageException {
        return new Parser(words, known, hyphensOptional).parse();
    }

    /** Beside {@code --help} what people try first, and what dkimproxy 1.4 took. */
    private static final Set<String> HELP = Set.of("--help", "-help", "--h", "-h", "--?", "-?");

    private static final class Parser {
        private final OptionTable known;
        private final boolean hyphensOptional;
        private final List<SourceText> words = new ArrayList<>();
        private final List<ConfOption> options = new ArrayList<>();
        private final List<SourceText> arguments = new ArrayList<>();
        private int next;

        Parser(List<String> words, OptionTable known, boolean hyphensOptional) {
            this.known = known;
            this.hyphensOptional = hyphensOptional;
            String line = String.join(" ", words);
            int column = 1;
            for (String word : words) {
                this.words.add(new SourceText(new Position(GivenOptions.COMMAND_LINE, 1, column), word, line));
                column += word.length() + 1;
            }
        }

        CommandLine parse() throws UsageException {
            while (next < words.size()) {
                SourceText word = words.get(next++);
                String text = word.text();
                if (HELP.contains(text)) {
                    return new CommandLine(Request.HELP, options, arguments);
                } else if (text.equals("--version")) {
                    return new CommandLine(Request.VERSION, options, arguments);
                } else if (text.equals("--")) {
                    arguments.addAll(words.subList(next, words.size()));
                    next = words.size();
                } else if ((text.startsWith("-") && text.length() > 1) || isOptionWithoutHyphens(text)) {
                    option(word);
                } else {
                    arguments.add(word);
                }
            }
            return new CommandLine(Request.RUN, options, arguments);
        }

        /** A name at the end, without a value, is an argument: the relay may be a host of that name. */
        private boolean isOptionWithoutHyphens(String text) {
            if (!hyphensOptional) {
                return false;
            }
            int equals = text.indexOf('=');
            Optional<Option<?>> option =
                    known.find(ConfFile.canonicalName(equals < 0 ? text : text.substring(0, equals)));
            return option.isPresent()
                    && (equals >= 0 || option.get().isFlag() || option.get().isSwitch() || next < words.size());
        }

        private void option(SourceText word) throws UsageException {
            String text = word.text();
            int equals = text.indexOf('=');
            String written = equals < 0 ? text : text.substring(0, equals);
            boolean hyphens = text.startsWith("--");
            if (!hyphens && text.startsWith("-")) {
                throw new UsageException("unknown option " + Problem.quoted(written) + "; options begin with --");
            }
            String name = ConfFile.canonicalName(written);
            Option<?> option = known.find(name).orElseThrow(() -> unknown(name, written));
            options.add(new ConfOption(
                    option.name(), word.part(hyphens ? 2 : 0, written.length()), value(word, equals, option)));
        }

        private UsageException unknown(String name, String written) {
            String nearest = NearestName.of(name, known.names())
                    .map(found -> "; did you mean --" + found + "?")
                    .orElse("");
            return new UsageException("unknown option " + Problem.quoted(written) + nearest);
        }

        private SourceText value(SourceText word, int equals, Option<?> option) throws UsageException {
            if (equals >= 0) {
                return word.part(equals + 1, word.text().length());
            }
            if (option.isFlag()) {
                return new SourceText(word.position(), "1", word.lineText());
            }
            if (option.isSwitch()
                    && !(next < words.size()
                            && option.isSwitchValue(words.get(next).text()))) {
                return new SourceText(word.position(), "1", word.lineText());
            }
            if (next == words.size() || words.get(next).text().startsWith("--")) {
                throw new UsageException("option " + word.text() + " needs a value: " + option.argument());
            }
            return words.get(next++);
        }
    }
}
