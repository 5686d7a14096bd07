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
                default -> throw new IllegalArgumentException(what + " is none of: chaos");
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

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
