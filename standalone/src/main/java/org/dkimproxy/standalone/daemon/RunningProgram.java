package org.dkimproxy.standalone.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Processes that run this program, known by their command lines: they name its main class as a word of its own. */
final class RunningProgram {
    static final String MAIN_CLASS = "org.dkimproxy.standalone.DkimproxyOut";

    private static final Path PROCESSES = Path.of("/proc");

    private RunningProgram() {}

    /** Whether a process runs this program; one whose command line cannot be read does not. */
    static boolean isProcess(long pid) {
        return words(pid).contains(MAIN_CLASS);
    }

    /**
     * Whether a process runs another program, as far as can be seen. One that ended and that nobody has waited for runs none: of
     * such processes, which containers often have, only the number is left.
     */
    static boolean isOtherProcess(long pid) {
        List<String> words = words(pid);
        return words.stream().anyMatch(word -> !word.isEmpty()) && !words.contains(MAIN_CLASS);
    }

    private static List<String> words(long pid) {
        if (!Files.exists(PROCESSES.resolve("self/cmdline"))) {
            return ProcessHandle.of(pid).map(ProcessHandle::info).stream()
                    .flatMap(info -> Stream.concat(
                            info.command().stream(), info.arguments().stream().flatMap(Arrays::stream)))
                    .toList();
        }
        try {
            byte[] line =
                    Files.readAllBytes(PROCESSES.resolve(Long.toString(pid)).resolve("cmdline"));
            // each word ends in a zero octet
            return List.of(new String(line, StandardCharsets.ISO_8859_1).split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }
}
