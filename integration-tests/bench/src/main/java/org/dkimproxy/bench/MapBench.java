package org.dkimproxy.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.dkimproxy.testkit.PrivateKeys;

/** Loads and checks large sender maps, each in a fresh process, and looks senders up in them. */
public final class MapBench {
    private static final int ENTRIES = 1_000_000;
    private static final int KEYS = 20_000;
    private static final int DIFFERENT_KEYS = 40;
    private static final int ROUNDS = 3;
    private static final double MEGABYTE = 1 << 20;

    private MapBench() {}

    /** Runs; {@code --short} shows only that it works. */
    public static void main(String[] args) throws Exception {
        boolean isShort = Arrays.asList(args).contains("--short");
        Report report = new Report(System.out, !isShort);
        int rounds = isShort ? 1 : ROUNDS;
        try (TempFolder folder = TempFolder.create()) {
            largeMap(folder, isShort ? 1000 : ENTRIES, rounds, report);
            manyKeys(folder, isShort ? 100 : KEYS, rounds, report);
        }
        System.exit(report.exitCode());
    }

    private static void largeMap(TempFolder folder, int entries, int rounds, Report report) throws Exception {
        Path key = PrivateKeys.writeNewRsa(folder.resolve("shared.key"));
        Path map = folder.resolve("large_map");
        try (BufferedWriter out = Files.newBufferedWriter(map, StandardCharsets.US_ASCII)) {
            for (int i = 0; i < entries; i++) {
                out.write(MapLoad.localPart(i) + "@" + MapLoad.domain(i)
                        + "    dkim(a=rsa-sha256,c=relaxed/relaxed,s=mail2026,key=" + key + ")\n");
            }
        }
        double[] load = new double[rounds];
        double[] lookup = new double[rounds];
        double[] resident = new double[rounds];
        double[] peak = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            Properties figures = load(map, entries);
            load[round] = figure(figures, "seconds");
            lookup[round] = figure(figures, "lookup");
            resident[round] = figure(figures, "resident") / MEGABYTE;
            peak[round] = figure(figures, "peak") / MEGABYTE;
        }
        String what = Figures.text(entries) + " entries";
        String size = Figures.text(Files.size(map) / MEGABYTE) + " MB";
        report.line(what + ", loaded and checked", Figures.median(load), "s", Bar.atMost(1.3), size);
        report.line(
                what + ", resident",
                Figures.median(resident),
                "MB",
                Bar.atMost(250),
                "peak " + Figures.text(Figures.median(peak)) + " MB");
        report.line(what + ", one lookup", Figures.median(lookup) * 1e6, "us", Bar.atMost(0.5), "random senders");
    }

    private static void manyKeys(TempFolder folder, int keys, int rounds, Report report) throws Exception {
        PrivateKey[] different = new PrivateKey[DIFFERENT_KEYS];
        for (int i = 0; i < DIFFERENT_KEYS; i++) {
            different[i] = PrivateKeys.newRsa().getPrivate();
        }
        Path map = folder.resolve("keys_map");
        Path keyFolder = Files.createDirectory(folder.resolve("keys"));
        try (BufferedWriter out = Files.newBufferedWriter(map, StandardCharsets.US_ASCII)) {
            for (int i = 0; i < keys; i++) {
                Path key = PrivateKeys.write(keyFolder.resolve(i + ".key"), different[i % DIFFERENT_KEYS]);
                out.write("customer" + i + ".example.org dkim(c=relaxed/relaxed,s=mail2026,key=" + key + ")\n");
            }
        }
        double[] seconds = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            seconds[round] = figure(load(map, 0), "seconds");
        }
        report.line(
                Figures.text(keys) + " keys, loaded and checked",
                Figures.median(seconds),
                "s",
                Bar.atMost(3),
                "each in a file of its own, " + DIFFERENT_KEYS + " different ones");
    }

    private static double figure(Properties figures, String name) {
        return Double.parseDouble(figures.getProperty(name));
    }

    /** Has a fresh process load a map, by the Java of the built tree. */
    private static Properties load(Path map, int entries) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(BuiltTree.ofThisCheckout().java(MapLoad.class));
        command.add(map.toString());
        command.add(String.format(Locale.ROOT, "%d", entries));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Properties figures = new Properties();
        figures.load(process.inputReader(StandardCharsets.US_ASCII));
        if (process.waitFor() != 0) {
            throw new IOException("the map could not be loaded");
        }
        return figures;
    }
}
