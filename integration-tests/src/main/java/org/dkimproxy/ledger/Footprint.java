package org.dkimproxy.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a running proxy takes, from /proc and jcmd.
 *
 * @param heapKib KiB in use right after a full collection
 * @param residentKib KiB of memory (VmRSS)
 * @param threads of the system
 * @param descriptors open files and sockets
 */
public record Footprint(long heapKib, long residentKib, long threads, long descriptors) {
    /** One line a generation, in the words of every collector. */
    private static final Pattern USED = Pattern.compile("total [0-9]+K, used ([0-9]+)K");

    private static final int COMMAND_SECONDS = 60;

    /** What a proxy is started with so that jcmd reaches it. */
    static final Map<String, String> REACHED_BY_JCMD =
            Map.of("DKIMPROXY_JAVA_OPTS", "-XX:-DisableAttachMechanism -XX:+StartAttachListener");

    static Footprint of(Process proxy) throws IOException, InterruptedException {
        Path folder = Path.of("/proc", Long.toString(proxy.pid()));
        jcmd(proxy, "GC.run");
        long heap = USED.matcher(jcmd(proxy, "GC.heap_info"))
                .results()
                .mapToLong(generation -> Long.parseLong(generation.group(1)))
                .sum();
        String status = Files.readString(folder.resolve("status"), StandardCharsets.UTF_8);
        try (var files = Files.list(folder.resolve("fd"))) {
            return new Footprint(heap, number(status, "VmRSS"), number(status, "Threads"), files.count());
        }
    }

    static String heading() {
        return "| messages | heap KiB | RSS KiB | threads | descriptors |\n| ---: | ---: | ---: | ---: | ---: |";
    }

    String row(Object what) {
        return String.format(
                Locale.ROOT, "| %s | %d | %d | %d | %d |", what, heapKib, residentKib, threads, descriptors);
    }

    private static long number(String status, String name) {
        Matcher found = Pattern.compile("(?m)^" + name + ":\\s+([0-9]+)").matcher(status);
        return found.find() ? Long.parseLong(found.group(1)) : -1;
    }

    private static String jcmd(Process proxy, String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(proxy.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!jcmd.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || jcmd.exitValue() != 0) {
            throw new IOException("jcmd " + command + ": " + output);
        }
        return output;
    }
}
