package org.dkimproxy.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Compares the engine with the provider's raw signature, with the digest and with jdkim. All are measured in turn, in
 * several rounds; a ratio is taken within a round, and the median of the rounds is told, since machines are noisy.
 */
public final class EngineBench {
    private static final String SMALL = "2048";
    private static final String MIDDLE = "51200";
    private static final String LARGE = "10485760";
    private static final int ROUNDS = 3;

    private final boolean isShort;
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();

    private EngineBench(boolean isShort) {
        this.isShort = isShort;
    }

    /** Runs; {@code --short} shows only that it works, {@code --growth} prints how time grows with size. */
    public static void main(String[] args) throws RunnerException {
        List<String> given = Arrays.asList(args);
        EngineBench bench = new EngineBench(given.contains("--short"));
        Report report = new Report(System.out, !bench.isShort);
        if (given.contains("--growth")) {
            bench.growth(report);
        } else {
            bench.ratios(report);
        }
        System.exit(report.exitCode());
    }

    private void ratios(Report report) throws RunnerException {
        for (int round = 0; round < (isShort ? 1 : ROUNDS); round++) {
            measure("engine", "octets", SMALL);
            measure("rawRsa", "octets", SMALL);
            measure("engineTwice", "octets", SMALL);
            measure("engine", "octets", MIDDLE);
            measure("engine", "octets", LARGE);
            measure("engineRagged", "octets", LARGE);
            measure("rawSha256", "octets", LARGE);
            for (String size : List.of(SMALL, MIDDLE, LARGE)) {
                measure("jdkim", "octets", size);
            }
        }
        ratio(report, "2 KB, one signature / raw RSA", "engine " + SMALL, "rawRsa " + SMALL, Bar.atLeast(0.92));
        ratio(report, "50 KB, one signature / raw RSA", "engine " + MIDDLE, "rawRsa " + SMALL, Bar.atLeast(0.75));
        ratio(report, "10 MB, one signature / raw SHA-256", "engine " + LARGE, "rawSha256 " + LARGE, Bar.atLeast(0.55));
        ratio(
                report,
                "10 MB, much white space / raw SHA-256",
                "engineRagged " + LARGE,
                "rawSha256 " + LARGE,
                Bar.none());
        ratio(report, "2 KB, RSA and Ed25519 / raw RSA", "engineTwice " + SMALL, "rawRsa " + SMALL, Bar.atLeast(0.88));
        ratio(report, "2 KB, engine / jdkim", "engine " + SMALL, "jdkim " + SMALL, Bar.atLeast(3));
        ratio(report, "50 KB, engine / jdkim", "engine " + MIDDLE, "jdkim " + MIDDLE, Bar.atLeast(5));
        ratio(report, "10 MB, engine / jdkim", "engine " + LARGE, "jdkim " + LARGE, Bar.atLeast(15));
    }

    private void ratio(Report report, String name, String measured, String reference, Bar bar) {
        List<Double> above = rates.getOrDefault(measured, List.of());
        List<Double> below = rates.getOrDefault(reference, List.of());
        double[] ratios = new double[above.size()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = above.get(round) / below.get(round);
        }
        report.line(
                name,
                Figures.median(ratios),
                "",
                bar,
                "medians " + Figures.text(median(above)) + " and " + Figures.text(median(below)) + " a second");
    }

    private void growth(Report report) throws RunnerException {
        for (long octets = 1024; octets <= 100 * 1024 * 1024; octets *= isShort ? 1 << 16 : 10) {
            double rate = measure("engine", "octets", Long.toString(octets));
            report.line(
                    "size " + Figures.text((double) octets) + " octets",
                    1e6 / rate,
                    "us",
                    Bar.none(),
                    Figures.text(1e9 / rate / octets) + " ns an octet");
        }
        for (int fields = 10; fields <= 100_000; fields *= isShort ? 10_000 : 10) {
            double rate = measure("engineFields", "fields", Integer.toString(fields));
            report.line(
                    Figures.text(fields) + " header fields",
                    1e6 / rate,
                    "us",
                    Bar.none(),
                    Figures.text(1e9 / rate / fields) + " ns a field");
        }
    }

    /** Runs one benchmark in a process of its own and keeps its rate, in operations a second. */
    private double measure(String benchmark, String parameter, String value) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + EngineBenchmarks.class.getSimpleName() + "\\." + benchmark + "$")
                .param(parameter, value)
                .forks(isShort ? 0 : 1)
                .jvmArgsAppend(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseSerialGC",
                        "-Xms1g",
                        "-Xmx1g")
                // a thousand messages a second warm the compiler up slowly
                .warmupIterations(isShort ? 0 : 1)
                .warmupTime(TimeValue.seconds(12))
                .measurementIterations(isShort ? 1 : 3)
                .measurementTime(TimeValue.milliseconds(isShort ? 20 : 1000))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        double rate = new Runner(options.build())
                .run()
                .iterator()
                .next()
                .getPrimaryResult()
                .getScore();
        rates.computeIfAbsent(benchmark + " " + value, name -> new ArrayList<>())
                .add(rate);
        return rate;
    }

    private static double median(List<Double> figures) {
        return Figures.median(figures.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
