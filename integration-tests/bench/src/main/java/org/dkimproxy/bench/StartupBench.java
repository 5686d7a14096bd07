package org.dkimproxy.bench;

import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
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
        int starts = isShort ? 1 : STARTS;
        double[] accepted = new double[starts];
        double[] greeted = new double[starts];
        try (TempFolder folder = TempFolder.create();
                SmtpSink sink = SmtpSink.start()) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), PostfixTools.freePort());
            Path conf = BuiltTree.configure(folder.path(), address.getPort(), sink.address(), "warning");
            if (!isShort) {
                start(tree, conf, address);
            }
            for (int i = 0; i < starts; i++) {
                Start start = start(tree, conf, address);
                accepted[i] = start.acceptedNanos() / 1e6;
                greeted[i] = start.greetedNanos() / 1e6;
            }
        }
        report.line("start to a connection accepted", Figures.median(accepted), "ms", Bar.atMost(200), each(accepted));
        report.line("start to the greeting of the relay", Figures.median(greeted), "ms", Bar.none(), each(greeted));
        System.exit(report.exitCode());
    }

    private static String each(double[] millis) {
        return DoubleStream.of(millis).mapToObj(Figures::text).collect(Collectors.joining(" "));
    }

    /** How long it took until a client was connected, and until it had the first octet of the greeting. */
    private record Start(long acceptedNanos, long greetedNanos) {}

    private static Start start(BuiltTree tree, Path conf, InetSocketAddress address)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process proxy = new ProcessBuilder(tree.program().toString(), "--conf_file=" + conf)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            Optional<SocketChannel> client = connect(address);
            while (client.isEmpty()) {
                if (!proxy.isAlive() || System.nanoTime() - begin > LONGEST_NANOS) {
                    throw new IOException("the proxy does not listen");
                }
                LockSupport.parkNanos(BETWEEN_ATTEMPTS_NANOS);
                client = connect(address);
            }
            try (SocketChannel connected = client.get()) {
                long accepted = System.nanoTime() - begin;
                if (connected.read(ByteBuffer.allocate(1)) < 0) {
                    throw new IOException("the proxy does not greet");
                }
                return new Start(accepted, System.nanoTime() - begin);
            }
        } finally {
            proxy.destroy();
            if (!proxy.waitFor(20, TimeUnit.SECONDS)) {
                proxy.destroyForcibly();
            }
        }
    }

    /** A connection, if one is to be had by now. */
    private static Optional<SocketChannel> connect(InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.connect(address);
            return Optional.of(channel);
        } catch (ConnectException notYet) {
            channel.close();
            return Optional.empty();
        }
    }
}
