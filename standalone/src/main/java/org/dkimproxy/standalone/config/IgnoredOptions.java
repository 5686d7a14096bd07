package org.dkimproxy.standalone.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.dkimproxy.sendermap.text.SourceText;
import org.dkimproxy.signing.config.Option;

/** Options of Net::Server, on which dkimproxy 1.4 was built, that have nothing to change here: there is no pool of processes. */
final class IgnoredOptions {
    private static final String SWITCH = "[on|off|yes|no|true|false|double]";

    static final Option<Optional<SourceText>> REVERSE_LOOKUPS = Option.ignored("reverse_lookups", SWITCH);

    private IgnoredOptions() {}

    /** All of them. */
    static List<Option<?>> all() {
        Stream<Option<?>> values = Stream.of(
                        "min_servers",
                        "min_spare_servers",
                        "max_spare_servers",
                        "spare_servers",
                        "max_requests",
                        "check_for_dead",
                        "check_for_waiting",
                        "check_for_spawn",
                        "min_child_ttl",
                        "max_dequeue",
                        "check_for_dequeue",
                        "serialize",
                        "lock_file",
                        "proto",
                        "ipv",
                        "backlog",
                        "sig_passthrough")
                .map(name -> Option.ignored(name, "VALUE"));
        Stream<Option<?>> switches = Stream.of(
                        "double_reverse_lookups",
                        "no_client_stdout",
                        "no_close_by_child",
                        "leave_children_open_on_hup",
                        "child_communication",
                        "tie_client_stdout")
                .map(name -> Option.ignored(name, SWITCH));
        return Stream.of(values, Stream.<Option<?>>of(REVERSE_LOOKUPS), switches)
                .flatMap(options -> options)
                .toList();
    }
}
