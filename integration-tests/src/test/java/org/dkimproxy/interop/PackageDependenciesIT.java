package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Debian package depends on the libraries that its run-time was linked with, so it cannot be installed where they are older. */
class PackageDependenciesIT {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Pattern DEPENDENCY = Pattern.compile("libc6 \\(>= (\\d+)\\.(\\d+)[^)]*\\)");

    /** The name of a version of the symbols of the GNU C library, in the tables of a program that uses them. */
    private static final Pattern SYMBOLS = Pattern.compile("\0GLIBC_(\\d+)\\.(\\d+)(?:\\.\\d+)?(?=\0)");

    @Test
    void the_c_library_is_one_that_has_all_symbols_that_are_used() throws IOException {
        String depends = Programs.run(
                        TIMEOUT,
                        List.of("dpkg-deb", "--field", Tree.archive(".deb").toString(), "Depends"))
                .linesOfSuccess()
                .getFirst();
        Matcher dependency = DEPENDENCY.matcher(depends);
        assertThat(dependency.find()).as(depends).isTrue();
        List<Path> programs;
        try (Stream<Path> files = Files.walk(Tree.ROOT)) {
            programs = files.filter(PackageDependenciesIT::isElf).toList();
        }
        assertThat(programs).anyMatch(file -> file.endsWith("server/libjvm.so")).hasSizeGreaterThan(10);
        int newest = 0;
        for (Path program : programs) {
            newest = Math.max(newest, newestSymbols(program));
        }
        assertThat(newest).isPositive();
        assertThat(number(dependency)).as(depends).isGreaterThanOrEqualTo(newest);
    }

    private static int newestSymbols(Path program) throws IOException {
        return SYMBOLS.matcher(Files.readString(program, StandardCharsets.ISO_8859_1))
                .results()
                .map(PackageDependenciesIT::number)
                .max(Comparator.naturalOrder())
                .orElse(0);
    }

    private static int number(MatchResult version) {
        return 1000 * Integer.parseInt(version.group(1)) + Integer.parseInt(version.group(2));
    }

    private static boolean isElf(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(4), StandardCharsets.ISO_8859_1).equals("\177ELF");
        } catch (IOException _) {
            return false;
        }
    }
}
