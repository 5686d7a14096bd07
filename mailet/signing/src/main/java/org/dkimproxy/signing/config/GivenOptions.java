package org.dkimproxy.signing.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.Severity;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.reload.EntryCounts;
import org.dkimproxy.signing.reload.FileStamps;

/**
 * The options of a command line or of mailet parameters, merged with those of the conf file that they name.
 *
 * @param options by their proper names; those of the conf file first
 * @param problems with the options and with the conf file
 * @param confFile where the conf file is; empty without one, and for a name that cannot be a path
 * @param confNames the conf file and those that it includes, and where each is named
 * @param confStamps these files, and directories of included files, as they were before they were read; none for a file that can
 *     be read only once
 * @param confEntries the number of options in each of these files; none for one that could not be read
 * @param foreign names in these files that the program does not know and that resemble none of its own
 */
public record GivenOptions(
        List<ConfOption> options,
        List<Problem> problems,
        Optional<Path> confFile,
        Map<Path, SourceText> confNames,
        FileStamps confStamps,
        EntryCounts confEntries,
        Set<String> foreign) {
    /** The file name in the positions of options that are given on the command line. */
    public static final String COMMAND_LINE = "command line";

    /** Takes copies. */
    public GivenOptions {
        options = List.copyOf(options);
        problems = List.copyOf(problems);
        confNames = Collections.unmodifiableMap(new LinkedHashMap<>(confNames));
        foreign = Set.copyOf(foreign);
    }

    /** Whether a text stands on the command line, and not in a file. */
    public static boolean isOnCommandLine(SourceText text) {
        return text.position().file().equals(COMMAND_LINE);
    }

    /** The values of the options. */
    public OptionValues values() {
        return new OptionValues(options);
    }

    /** Whether warnings count as errors. */
    public boolean isStrict() {
        return values().get(ConfigurationLoader.STRICT);
    }

    /** Whether a problem makes all others meaningless: a conf file that cannot be read, or a misspelt parameter. */
    public boolean isUnusable() {
        return problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
    }

    /** The conf file, if it can be read only once: a pipe, for example. */
    public Optional<Path> transientConfFile() {
        return confFile.filter(path -> !FileStamps.isRepeatable(path));
    }

    /** The names of options that need a restart and whose texts differ from those in {@code other}, in the order of the table. */
    public List<String> changedOnRestart(GivenOptions other, OptionTable table) {
        return table.options()
                .filter(option -> option.effect() == Option.Effect.RESTART
                        && !effective(option).equals(other.effective(option)))
                .<String>map(Option::name)
                .toList();
    }

    /** These options, but for those that need a restart, which are those of {@code started}. */
    public List<ConfOption> withRestartOptionsOf(GivenOptions started, OptionTable table) {
        List<ConfOption> merged = new ArrayList<>();
        options.stream().filter(option -> !needsRestart(option, table)).forEach(merged::add);
        started.options.stream().filter(option -> needsRestart(option, table)).forEach(merged::add);
        return merged;
    }

    private static boolean needsRestart(ConfOption given, OptionTable table) {
        return table.find(given.name())
                .filter(option -> option.effect() == Option.Effect.RESTART)
                .isPresent();
    }

    /** What counts of an option, as text. */
    private List<String> effective(Option<?> option) {
        OptionValues values = values();
        if (option.isFlag()) {
            return List.of(Objects.toString(values.get(option)));
        }
        Stream<SourceText> texts = option.isList() ? values.texts(option).stream() : values.text(option).stream();
        return texts.map(SourceText::text).toList();
    }
}
