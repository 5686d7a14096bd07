package org.dkimproxy.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;

/** The memory of the proxy: resident when idle and with many open sessions, and the heap that a large message adds. */
public final class MemoryBench {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SESSIONS = 1000;
    private static final int LARGE = 50 << 20;
    private static final int LINES_AT_ONCE = 1000;
    private static final double MEGABYTE = 1 << 20;

    private MemoryBench() {}

    /** Runs; {@code --short} shows only that it works. */
    public static void main(String[] args) throws Exception {
        boolean isShort = Arrays.asList(args).contains("--short");
        Report report = new Report(System.out, !isShort);
        try (TempFolder folder = TempFolder.create();
                SmtpSink sink = SmtpSink.start();
                ProxyProcess proxy =
                        ProxyProcess.start(BuiltTree.ofThisCheckout(), folder.path(), sink.address(), "warning")) {
            long pid = proxy.process().pid();
            Thread.sleep(isShort ? 0 : 3000);
            report.line("resident, idle", ProcessMemory.resident(pid) / MEGABYTE, "MB", Bar.atMost(90), "");
            sessions(proxy.address(), pid, isShort ? 10 : SESSIONS, report);
            largeMessage(proxy.address(), pid, isShort ? 1 << 20 : LARGE, report);
        }
        System.exit(report.exitCode());
    }

    private static void sessions(InetSocketAddress proxy, long pid, int count, Report report)
            throws IOException, InterruptedException {
        List<SmtpSender> open = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                SmtpSender sender = SmtpSender.connect(proxy, PATIENCE);
                open.add(sender);
                sender.readReply();
                sender.command("EHLO client.example.org");
            }
            report.line(
                    "resident, " + count + " open sessions",
                    ProcessMemory.resident(pid) / MEGABYTE,
                    "MB",
                    Bar.atMost(200),
                    "");
        } finally {
            for (SmtpSender sender : open) {
                sender.close();
            }
        }
    }

    private static void largeMessage(InetSocketAddress proxy, long pid, int octets, Report report)
            throws IOException, InterruptedException {
        byte[] lines = "all work and no play makes this a line of some sixty octets\r\n"
                .repeat(LINES_AT_ONCE)
                .getBytes(StandardCharsets.US_ASCII);
        try (SmtpSender sender = SmtpSender.connect(proxy, PATIENCE)) {
            sender.readReply();
            for (String command :
                    List.of("EHLO client.example.org", "MAIL FROM:<alice@example.org>", "RCPT TO:<bob@example.net>")) {
                sender.command(command);
            }
            long before = ProcessMemory.liveHeap(pid);
            sender.command("DATA");
            sender.send("From: alice@example.org\r\nSubject: large\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            for (int sent = 0; sent < octets; sent += lines.length) {
                sender.send(lines);
            }
            long added = ProcessMemory.liveHeap(pid) - before;
            sender.send(".\r\n".getBytes(StandardCharsets.US_ASCII));
            if (!sender.readReply().isClass(2)) {
                throw new IOException("the large message was refused");
            }
            report.line(
                    "heap added by " + octets / (1 << 20) + " MB in flight", added / MEGABYTE, "MB", Bar.atMost(2), "");
        }
    }
}
