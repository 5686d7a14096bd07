package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How Linux shares its processors out to the threads of the built program. */
class SchedulingIT {
    private static final int PORT = 10027;
    private static final int OTHER = 0;
    private static final int BATCH = 3;
    private static final int IDLE = 5;

    @TempDir
    Path folder;

    @Test
    void its_threads_take_no_processor_from_others_when_they_wake() throws Exception {
        assertThat(policiesWhenStartedBy(List.of())).containsExactly(BATCH);
    }

    @Test
    void a_policy_given_from_outside_stays() throws Exception {
        assertThat(policiesWhenStartedBy(List.of("chrt", "-i", "0"))).containsExactly(IDLE);
    }

    /** As where the system has no chrt, or refuses it. */
    @Test
    void it_starts_where_the_policy_cannot_be_changed() throws Exception {
        assertThat(policiesWhenStartedBy(List.of("/usr/bin/env", "PATH=" + folder.resolve("none"))))
                .containsExactly(OTHER);
    }

    private Set<Integer> policiesWhenStartedBy(List<String> before) throws Exception {
        try (Site site = new Site(folder)) {
            List<String> command = new ArrayList<>(before);
            command.addAll(List.of(Tree.program("dkimproxy.out"), "--daemonize", "--conf_file=" + site.conf(PORT)));
            assertThat(Programs.run(Site.PATIENCE, command).exit()).isZero();
            try (Daemon daemon = Daemon.of(site.pidFile())) {
                site.sendSigned(PORT, "one");
                return daemon.schedulingPolicies();
            }
        }
    }
}
