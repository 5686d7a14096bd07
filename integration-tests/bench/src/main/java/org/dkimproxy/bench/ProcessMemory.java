package org.dkimproxy.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the system and the virtual machine say of the memory of a process. */
final class ProcessMemory {
    private static final Pattern USED =
            Pattern.compile("^ *(?:DefNew|Tenured|[a-z ]+generation)\\s+total \\d+K, used (\\d+)K", Pattern.MULTILINE);
    private static final long KILOBYTE = 1024;

    private ProcessMemory() {}

    /** Octets resident now. */
    static long resident(long pid) throws IOException {
        return status(pid, "VmRSS");
    }

    /** Octets resident at most so far. */
    static long peak(long pid) throws IOException {
        return status(pid, "VmHWM");
    }

    /** Octets of the heap of a Java process that are in use after a full collection; its collector is the serial one. */
    static long liveHeap(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1)) * KILOBYTE;
        }
        if (sum == 0) {
            throw new IOException("jcmd tells no heap of process " + pid);
        }
        return sum;
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + output);
        }
        return output;
    }

    private static long status(long pid, String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.US_ASCII)) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * KILOBYTE;
            }
        }
        throw new IOException("no " + name + " of process " + pid);
    }
}
