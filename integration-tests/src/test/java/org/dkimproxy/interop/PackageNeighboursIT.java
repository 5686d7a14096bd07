package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No file of the Debian package belongs to another package of Debian. */
@Tag("long")
class PackageNeighboursIT {
    private static final Duration PATIENCE = Duration.ofMinutes(9);
    private static final String MIRROR = "http://deb.debian.org/debian/dists/";

    /** What a mail host that signs and verifies often has; the first owns /usr/bin/dkimproxy-sign. */
    private static final String[] NEIGHBOURS = {"libmail-dkim-perl", "spamassassin", "amavisd-new"};

    @TempDir
    static Path folder;

    private static Path archive;
    private static Set<String> files;

    @BeforeAll
    static void listFiles() throws IOException {
        archive = Tree.archive(".deb");
        files = Programs.run(
                        PATIENCE, List.of("sh", "-c", "dpkg-deb --fsys-tarfile \"$0\" | tar -t", archive.toString()))
                .linesOfSuccess()
                .stream()
                .filter(name -> !name.endsWith("/"))
                .map(name -> name.substring("./".length()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(files).contains("usr/sbin/dkimproxy.out");
    }

    /** By the lists of contents of the mirror; only the stock package itself, whose place it takes, may have the same. */
    @ParameterizedTest
    @ValueSource(strings = {"bookworm", "trixie"})
    void no_package_of_the_release_has_one_of_its_files(String release) throws IOException {
        for (String kind : List.of("amd64", "all")) {
            Path contents = folder.resolve(release + "-" + kind);
            Programs.run(
                            PATIENCE,
                            List.of(
                                    "curl",
                                    "--fail",
                                    "--silent",
                                    "--show-error",
                                    "--output",
                                    contents.toString(),
                                    MIRROR + release + "/main/Contents-" + kind + ".gz"))
                    .linesOfSuccess();
            List<String> mail = Programs.run(
                            PATIENCE, List.of("sh", "-c", "zcat \"$0\" | grep dkim", contents.toString()))
                    .linesOfSuccess();
            assertThat(mail).isNotEmpty();
            assertThat(mail.stream()
                            .map(line -> line.split("\\s+", -1))
                            .filter(words -> files.contains(words[0]) && !words[1].equals("mail/dkimproxy"))
                            .map(words -> String.join(" ", words)))
                    .isEmpty();
        }
        // all of them are found by that word
        assertThat(files).allMatch(name -> name.contains("dkim"));
    }

    static List<String> releases() {
        return DebianRoot.releases();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void it_installs_beside_what_a_mail_host_has(String release) throws Exception {
        Requirements.debootstrap();
        Path place = Files.createDirectory(folder.resolve("beside-" + release));
        try (DebianRoot debian = DebianRoot.withPackages(place, release, NEIGHBOURS)) {
            assertThat(debian.run("dpkg", "-S", "/usr/bin/dkimproxy-sign").output())
                    .startsWith("libmail-dkim-perl: ");
            List<String> owners = new ArrayList<>(List.of("dpkg", "-S"));
            files.forEach(name -> owners.add("/" + name));
            assertThat(debian.run(owners.toArray(String[]::new)).output()).isEmpty();
            Files.copy(archive, debian.path().resolve("dkimproxy.deb"));
            debian.run(PATIENCE, "apt-get", "install", "--yes", "/dkimproxy.deb")
                    .linesOfSuccess();
            assertThat(debian.run("dkimproxy-signfile", "--version").exit()).isZero();
            assertThat(debian.run("dpkg", "--verify", "libmail-dkim-perl").output())
                    .isEmpty();
        }
    }
}
