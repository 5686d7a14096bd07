package org.dkimproxy.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** The ledger by hand: {@code integration-tests/ledger --help} tells how. */
public final class LedgerProgram {
    private LedgerProgram() {}

    /** Runs what the arguments name; ends with 1 if something was that must not be. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path tree = Path.of(arguments[0]);
        String what = arguments[1];
        long count = Long.parseLong(arguments[2]);
        Duration time = Duration.ofSeconds(Long.parseLong(arguments[3]));
        long seed = arguments.length > 4 ? Long.parseLong(arguments[4]) : System.nanoTime();
        Path folder = Files.createTempDirectory("ledger");
        List<String> violations;
        try {
            violations = switch (what) {
                case "chaos" -> chaos(new Chaos.Plan(tree, count, time, seed), folder);
                case "kill" -> kills(new Kills.Plan(tree, (int) count, seed), folder);
                case "soak" -> soak(tree, folder, count, time);
                case "held" -> held(tree, folder, (int) count);
                case "trickle" -> trickle(tree, folder, (int) count, time);
                default -> throw new IllegalArgumentException(what + " is none of: chaos, kill, soak, held, trickle");
            };
        } finally {
            delete(folder);
        }
        violations.stream().limit(100).forEach(System.out::println);
        System.exit(violations.isEmpty() ? 0 : 1);
    }

    private static List<String> chaos(Chaos.Plan plan, Path folder) throws IOException, InterruptedException {
        System.out.println("seed " + plan.seed());
        Chaos.Report report = Chaos.run(plan, folder);
        System.out.print(report.text());
        return report.violations();
    }

    private static List<String> kills(Kills.Plan plan, Path folder) throws IOException, InterruptedException {
        Kills.Report report = Kills.run(plan, folder);
        System.out.println(
                "killed " + plan.kills() + " times, in " + report.underWay() + " of them with sessions open");
        System.out.println(report.totals());
        System.out.println("violations: " + report.violations().size());
        return report.violations();
    }

    private static List<String> soak(Path tree, Path folder, long messages, Duration time)
            throws IOException, InterruptedException {
        try (Soak soak = new Soak(tree, folder, List.of("reject_error"))) {
            soak.messages(messages, time);
            return told(soak);
        }
    }

    private static List<String> held(Path tree, Path folder, int sessions) throws IOException, InterruptedException {
        // with room for more, since in a full proxy silent clients have to make room
        try (Soak soak = new Soak(tree, folder, List.of("max_servers " + (sessions + 1)))) {
            soak.held(sessions);
            return told(soak);
        }
    }

    private static List<String> trickle(Path tree, Path folder, int connections, Duration time)
            throws IOException, InterruptedException {
        try (Soak soak = new Soak(tree, folder, List.of())) {
            List<Duration> waits =
                    soak.trickle(connections, time).stream().sorted().toList();
            System.out.println(connections + " connections of one octet a second; a normal client was served "
                    + waits.size() + " times, within " + waits.getFirst().toMillis() + " to "
                    + waits.getLast().toMillis() + " ms, half of them within "
                    + waits.get(waits.size() / 2).toMillis() + " ms");
            return told(soak);
        }
    }

    private static List<String> told(Soak soak) {
        System.out.println(soak.totals());
        System.out.println("violations: " + soak.violations().size());
        return soak.violations();
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
