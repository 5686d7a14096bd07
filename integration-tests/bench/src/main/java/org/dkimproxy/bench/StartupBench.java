package org.dkimproxy.bench;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.dkimproxy.testkit.SmtpSink;

/** How long it takes from the exec of {@code bin/dkimproxy.out} to a connection that is accepted. */
public final class StartupBench {
    private static final int STARTS = 10;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long BETWEEN_ATTEMPTS_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private StartupBench() {}

    /** Runs; {@code --short} shows only that it works. */
    public static void main(String[] args) throws Exception {
        boolean isShort = Arrays.asList(args).contains("--short");
        Report report = new Report(System.out, !isShort);
        BuiltTree tree = BuiltTree.ofThisCheckout();
        double[] millis = new double[isShort ? 1 : STARTS];
        try (TempFolder folder = TempFolder.create();
                SmtpSink sink = SmtpSink.start()) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), PostfixTools.freePort());
            Path conf = BuiltTree.configure(folder.path(), address.getPort(), sink.address());
            if (!isShort) {
                start(tree, conf, address);
            }
            for (int i = 0; i < millis.length; i++) {
                millis[i] = start(tree, conf, address);
            }
        }
        String each = DoubleStream.of(millis).mapToObj(Figures::text).collect(Collectors.joining(" "));
        report.line("start to a connection accepted", Figures.median(millis), "ms", Bar.atMost(200), each);
        System.exit(report.exitCode());
    }

    private static double start(BuiltTree tree, Path conf, InetSocketAddress address)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process proxy = new ProcessBuilder(tree.program().toString(), "--conf_file=" + conf)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            while (!accepts(address)) {
                if (!proxy.isAlive() || System.nanoTime() - begin > LONGEST_NANOS) {
                    throw new IOException("the proxy does not listen");
                }
                LockSupport.parkNanos(BETWEEN_ATTEMPTS_NANOS);
            }
            return (System.nanoTime() - begin) / 1e6;
        } finally {
            proxy.destroy();
            if (!proxy.waitFor(20, TimeUnit.SECONDS)) {
                proxy.destroyForcibly();
            }
        }
    }

    private static boolean accepts(InetSocketAddress address) throws IOException {
        try (SocketChannel channel = SocketChannel.open()) {
            return channel.connect(address);
        } catch (java.net.ConnectException notYet) {
            return false;
        }
    }
}
