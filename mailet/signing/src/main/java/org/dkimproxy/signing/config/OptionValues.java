package org.dkimproxy.signing.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.sendermap.text.SourceText;

/** Values of options, by their declarations. Collects the problems of the values that were asked for. Not thread-safe. */
public final class OptionValues {
    private final List<ConfOption> options;
    private final Set<Problem> problems = new LinkedHashSet<>();

    /** @param options by their proper names, in the order of their precedence: the last one wins */
    public OptionValues(List<ConfOption> options) {
        this.options = List.copyOf(options);
    }

    /** The value; the default, after a problem was added, if the text is no value. */
    public <T> T get(Option<T> option) {
        return option.reader().read(given(option), problems);
    }

    /** Whether the option was given. */
    public boolean has(Option<?> option) {
        return text(option).isPresent();
    }

    /** The text that counts, as it stands; empty if the option was not given. */
    public Optional<SourceText> text(Option<?> option) {
        List<SourceText> all = texts(option);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /** The texts of all occurrences, in order. */
    public List<SourceText> texts(Option<?> option) {
        return options.stream()
                .filter(given -> given.name().equals(option.name()))
                .map(ConfOption::value)
                .toList();
    }

    /** Adds a problem with what was read by {@link #text} or {@link #texts}. */
    public void add(Problem problem) {
        problems.add(problem);
    }

    /** The problems found so far, each once. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    private List<SourceText> given(Option<?> option) {
        return option.isList() ? texts(option) : text(option).stream().toList();
    }
}
