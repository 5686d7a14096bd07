package org.dkimproxy.standalone.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.standalone.config.KnownOption.Group;

/** Warnings about options that occur more than once in one source although only the last occurrence counts. */
final class RepeatedOptions {
    private RepeatedOptions() {}

    /** A warning for each repetition in a conf file. */
    static List<Problem> ofFile(List<ConfOption> options, KnownOptions known) {
        return problems(
                options.stream().filter(option -> isScalar(option, known)).toList());
    }

    /**
     * A warning for each repetition on a command line. The options of the process may be repeated there: units and scripts
     * give their own, and after them those of the administrator, which are to win.
     */
    static List<Problem> ofCommandLine(List<ConfOption> options, KnownOptions known) {
        return problems(options.stream()
                .filter(option -> isScalar(option, known) && !isOfProcess(option, known))
                .toList());
    }

    private static List<Problem> problems(List<ConfOption> scalars) {
        Map<String, Position> first = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (ConfOption option : scalars) {
            Optional<Position> earlier = Optional.ofNullable(
                    first.putIfAbsent(option.name(), option.written().position()));
            earlier.ifPresent(position -> problems.add(option.written()
                    .warning(
                            "the option " + option.name() + " again, which replaces the value before",
                            "it once in one place")
                    .firstSeenAt(position)));
        }
        return problems;
    }

    /** Unknown options have a warning of their own. */
    private static boolean isScalar(ConfOption option, KnownOptions known) {
        return known.find(option.name()).map(found -> !found.isList()).orElse(false);
    }

    private static boolean isOfProcess(ConfOption option, KnownOptions known) {
        return option.name().equals("conf_file")
                || known.find(option.name())
                        .map(found -> found.group() == Group.DAEMON)
                        .orElse(false);
    }
}
