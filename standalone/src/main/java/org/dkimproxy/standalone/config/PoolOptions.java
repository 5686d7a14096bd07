package org.dkimproxy.standalone.config;

import static org.dkimproxy.standalone.config.KnownOption.Group.POOL;
import static org.dkimproxy.standalone.config.KnownOption.Standing.WITHOUT_EFFECT;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The options that say how many clients are served; most are those of Net::Server's processes, of which there are none here. */
final class PoolOptions {
    private PoolOptions() {}

    /** All of them. */
    static List<KnownOption> all() {
        List<KnownOption> pool = new ArrayList<>();
        pool.add(KnownOptions.scalar(
                POOL, "max_servers", "COUNT", "1000", "maximum clients connected at once; more wait"));
        pool.add(KnownOptions.scalar(
                POOL,
                "max_servers_per_client",
                "COUNT",
                "half while others wait",
                "maximum clients of one address; 0: none"));
        for (String name : List.of(
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
                "sig_passthrough")) {
            pool.add(poolOption(name, "VALUE"));
        }
        for (String name : List.of(
                "reverse_lookups",
                "double_reverse_lookups",
                "no_client_stdout",
                "no_close_by_child",
                "leave_children_open_on_hup",
                "child_communication",
                "tie_client_stdout")) {
            pool.add(poolOption(name, "[on|off|yes|no|true|false|double]"));
        }
        return pool;
    }

    private static KnownOption poolOption(String name, String argument) {
        return new KnownOption(
                POOL, name, Set.of(), argument, false, WITHOUT_EFFECT, "", "for processes that are kept waiting");
    }
}
