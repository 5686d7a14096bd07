package org.dkimproxy.bench;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.dkimproxy.bench.PostfixTools.Sink;

/** Sends the same traffic straight to a sink and through the proxy to it, in turn. Source, proxy and sink share the machine. */
public final class ProxyBench {
    private static final int ROUNDS = 5;
    /** A proxy runs for months, and the compiler has done its work in its first minute or two of full load: till then it takes part of the processors. */
    private static final int WARM_UP = 90_000;

    private static final List<Traffic> TRAFFIC = List.of(
            new Traffic("4 KB, 10 sessions, a connection each", 10, 6000, 4096, false, Bar.atLeast(0.20)),
            new Traffic("4 KB, 10 sessions kept open", 10, 8000, 4096, true, Bar.atLeast(0.14)),
            new Traffic("4 KB, one session, a connection each", 1, 3000, 4096, false, Bar.atLeast(0.30)),
            new Traffic("4 KB, one session kept open", 1, 3000, 4096, true, Bar.none()),
            new Traffic("1 MB, 4 sessions", 4, 300, 1 << 20, false, Bar.atLeast(0.35)));

    private record Traffic(String name, int sessions, int messages, int octets, boolean keepsOpen, Bar bar) {
        double rate(InetSocketAddress server, boolean isShort) throws Exception {
            return PostfixTools.rate(server, sessions, isShort ? sessions * 5 : messages, octets, keepsOpen);
        }
    }

    private ProxyBench() {}

    /** Runs; {@code --short} shows only that it works, and with {@code --logged} the proxy writes a line for each message. */
    public static void main(String[] args) throws Exception {
        boolean isShort = Arrays.asList(args).contains("--short");
        String logLevel = Arrays.asList(args).contains("--logged") ? "info" : "warning";
        Report report = new Report(System.out, !isShort);
        try (TempFolder folder = TempFolder.create();
                Sink sink = Sink.start();
                ProxyProcess proxy =
                        ProxyProcess.start(BuiltTree.ofThisCheckout(), folder.path(), sink.address(), logLevel)) {
            for (boolean keepsOpen : new boolean[] {false, true}) {
                PostfixTools.rate(proxy.address(), 10, isShort ? 10 : WARM_UP, 4096, keepsOpen);
            }
            for (Traffic traffic : TRAFFIC) {
                measure(traffic, sink.address(), proxy.address(), isShort, report);
            }
        }
        System.exit(report.exitCode());
    }

    private static void measure(
            Traffic traffic, InetSocketAddress sink, InetSocketAddress proxy, boolean isShort, Report report)
            throws Exception {
        int rounds = isShort ? 1 : ROUNDS;
        double[] direct = new double[rounds];
        double[] through = new double[rounds];
        double[] ratios = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            direct[round] = traffic.rate(sink, isShort);
            through[round] = traffic.rate(proxy, isShort);
            ratios[round] = through[round] / direct[round];
        }
        String detail = String.format(
                Locale.ROOT,
                "direct %s/s, through %s/s",
                Figures.text(Figures.median(direct)),
                Figures.text(Figures.median(through)));
        report.line(traffic.name() + ", through / direct", Figures.median(ratios), "", traffic.bar(), detail);
    }
}
