package org.dkimproxy.signing.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.dkimproxy.sendermap.conf.ConfOption;
import org.dkimproxy.sendermap.text.Position;
import org.dkimproxy.sendermap.text.Problem;
import org.dkimproxy.signing.config.Option.Occurrence;

/** Warnings about options that occur more than once in one source although only the last occurrence counts. */
final class RepeatedOptions {
    private RepeatedOptions() {}

    /** A warning for each repetition in a conf file. */
    static List<Problem> ofConfFile(List<ConfOption> given, OptionTable table) {
        return problems(given, table, option -> !option.isList());
    }

    /** A warning for each repetition on a command line. */
    static List<Problem> ofCommandLine(List<ConfOption> given, OptionTable table) {
        return problems(given, table, option -> option.occurrence() == Occurrence.ONCE);
    }

    private static List<Problem> problems(List<ConfOption> given, OptionTable table, Predicate<Option<?>> occursOnce) {
        Map<String, Position> first = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (ConfOption option : given) {
            if (table.find(option.name()).filter(occursOnce).isPresent()) {
                Optional<Position> earlier = Optional.ofNullable(
                        first.putIfAbsent(option.name(), option.written().position()));
                earlier.ifPresent(position -> problems.add(option.written()
                        .warning(
                                "the option " + option.name() + " again, which replaces the previous value",
                                "it once in one place")
                        .firstSeenAt(position)));
            }
        }
        return problems;
    }
}
