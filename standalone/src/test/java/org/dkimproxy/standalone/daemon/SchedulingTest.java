package org.dkimproxy.standalone.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dkimproxy.standalone.log.DkimproxyLog;
import org.dkimproxy.standalone.log.LogLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Each in a process of its own, whose policies it may change. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class SchedulingTest {
    private static final String OTHER = "0";
    private static final String BATCH = "3";
    private static final String IDLE = "5";

    @Test
    void noThreadTakesAProcessorWhenItWakesNorOneThatIsStartedLater() throws Exception {
        assertThat(said(List.of(), "plain")).isEqualTo("[" + BATCH + "]");
    }

    @Test
    void aPolicyThatWasGivenFromOutsideStays() throws Exception {
        assertThat(said(List.of("chrt", "--idle", "0"), "plain")).isEqualTo("[" + IDLE + "]");
    }

    @Test
    void whereTheSystemRefusesItIsToldAndNothingElseHappens() throws Exception {
        assertThat(said(List.of(), "refused"))
                .isEqualTo(
                        "DEBUG threads wake as those of other programs: sched_setscheduler: Operation not permitted\n["
                                + OTHER + "]");
    }

    private static String said(List<String> before, String how) throws Exception {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Probe.class.getName(),
                how));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    /** Prints what it is told. */
    private static final class Log implements DkimproxyLog {
        @Override
        public void log(LogLevel level, String message) {
            System.out.print(level + " " + message + "\n");
        }

        @Override
        public boolean isWanted(LogLevel level) {
            return true;
        }
    }

    /** Gives way and prints the policies that all its threads have then, among them one that was started afterwards. */
    static final class Probe {
        private static final int PR_SET_SECCOMP = 22;
        private static final int PR_SET_NO_NEW_PRIVS = 38;
        private static final long SECCOMP_MODE_FILTER = 2;

        private Probe() {}

        public static void main(String[] args) throws Exception {
            if (args[0].equals("refused")) {
                refuse("aarch64".equals(System.getProperty("os.arch")) ? 119 : 144);
            }
            Scheduling.giveWay(new Log());
            Thread later = new Thread(() -> System.out.print(policies()), "later");
            later.start();
            later.join();
        }

        private static Set<String> policies() {
            try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
                return threads.map(Probe::policy).collect(TreeSet::new, Set::add, Set::addAll);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The 41st field of stat (proc(5)), of which the second ends in a parenthesis. */
        private static String policy(Path thread) {
            try {
                String stat = Files.readString(thread.resolve("stat"), StandardCharsets.UTF_8);
                return Arrays.asList(stat.substring(stat.lastIndexOf(')') + 2).split(" "))
                        .get(38);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Has the system refuse a function to this thread, as the system call filters of systemd do (seccomp(2)). */
        private static void refuse(int function) throws SystemCallException {
            SystemCall prctl = new SystemCall(
                    "prctl",
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG);
            try (Arena arena = Arena.ofConfined()) {
                // load the number of the call; if it is this one, return EPERM, else allow it
                MemorySegment steps = arena.allocateFrom(
                        ValueLayout.JAVA_LONG,
                        0x20L,
                        0x15L | 1L << 24 | (long) function << 32,
                        0x06L | 0x00050001L << 32,
                        0x06L | 0x7FFF0000L << 32);
                MemorySegment filter = arena.allocate(ValueLayout.JAVA_LONG, 2);
                filter.setAtIndex(ValueLayout.JAVA_LONG, 0, 4);
                filter.setAtIndex(ValueLayout.JAVA_LONG, 1, steps.address());
                prctl.call(PR_SET_NO_NEW_PRIVS, 1L, MemorySegment.NULL, 0L, 0L);
                prctl.call(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter, 0L, 0L);
            }
        }
    }
}
