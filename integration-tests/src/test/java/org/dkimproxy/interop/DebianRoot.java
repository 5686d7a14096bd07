package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A minimal Debian in a folder of its own, and programs run in it by chroot, with a {@code /proc} that nobody else sees. What
 * debootstrap makes once, in the system's temporary directory, is kept there for the next time; each root is a copy.
 */
final class DebianRoot implements AutoCloseable {
    private static final String OLDEST = "bookworm";

    /** The releases that the Debian package is for, in their order. */
    private static final List<String> RELEASES = List.of(OLDEST, "trixie");

    private static final String CODENAME = "VERSION_CODENAME=";

    /** That of this machine, since a package refuses releases older than the one that it was built on. */
    static final String RELEASE = releaseOf(Path.of("/etc/os-release"));

    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
    private static final Duration TIME_TO_MAKE = Duration.ofMinutes(9);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What dpkg keeps for itself, what adding users leaves behind, and what is gone after a restart. */
    private static final List<String> BOOKKEEPING = List.of(
            "var/lib/dpkg", "var/log", "var/cache", "etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-", "run/");

    private final Path path;

    private DebianRoot(Path path) {
        this.path = path;
    }

    /** The code name of a Debian by its os-release(5); bookworm for another system. */
    static String releaseOf(Path osRelease) {
        try (Stream<String> lines = Files.lines(osRelease, StandardCharsets.UTF_8)) {
            List<String> words = lines.toList();
            return words.contains("ID=debian")
                    ? words.stream()
                            .filter(line -> line.startsWith(CODENAME))
                            .map(line -> line.substring(CODENAME.length()))
                            .findFirst()
                            .orElse(OLDEST)
                    : OLDEST;
        } catch (IOException _) {
            return OLDEST;
        }
    }

    /** {@link #RELEASE} and the releases after it, on which a package that was built here can be installed. */
    static List<String> releases() {
        int index = RELEASES.indexOf(RELEASE);
        return index < 0 ? List.of(RELEASE) : RELEASES.subList(index, RELEASES.size());
    }

    /** A new root of this machine's release below the folder, with nothing in it that need not be. Needs to run as root. */
    static DebianRoot copyTo(Path folder) throws IOException {
        return copyTo(folder, RELEASE);
    }

    /** The same of another release. */
    static DebianRoot copyTo(Path folder, String release) throws IOException {
        // Debian 13 has no adduser by itself, and apt would install it with a package that depends on it
        return copy("dkimproxy-debian-" + release, release, List.of("--include=adduser"), List.of(), folder);
    }

    /** The same with systemd as its first process, to be booted. */
    static DebianRoot withSystemd(Path folder) throws IOException {
        return withSystemd(folder, RELEASE);
    }

    /** The same of another release. */
    static DebianRoot withSystemd(Path folder, String release) throws IOException {
        return copy(
                "dkimproxy-debian-systemd-" + release,
                release,
                List.of("--include=systemd-sysv,dbus,adduser"),
                List.of(),
                folder);
    }

    /** A root of this release with packages installed as an administrator does it; their services do not start in it. */
    static DebianRoot withPackages(Path folder, String release, String... packages) throws IOException {
        return copy(
                "dkimproxy-debian-" + release + "-" + String.join("-", packages),
                release,
                List.of(),
                List.of(packages),
                folder);
    }

    private static DebianRoot copy(
            String name, String release, List<String> options, List<String> packages, Path folder) throws IOException {
        Path pattern = TEMPORARY.resolve(name);
        if (!Files.isDirectory(pattern)) {
            Path partial = Files.createTempDirectory(TEMPORARY, name + ".part");
            List<String> command = new ArrayList<>(List.of("debootstrap", "--variant=minbase"));
            command.addAll(options);
            command.addAll(List.of(release, partial.toString()));
            Programs.Result result = Programs.run(TIME_TO_MAKE, command);
            if (result.exit() != 0) {
                Requirements.notProved(
                        System.getenv(),
                        "not proved here: no clean Debian can be made: " + result.output() + result.errors());
            }
            if (!packages.isEmpty()) {
                new DebianRoot(partial).install(packages);
            }
            Files.move(partial, pattern, StandardCopyOption.ATOMIC_MOVE);
        }
        Path path = folder.resolve("root");
        Programs.run(PATIENCE, List.of("cp", "-a", pattern.toString(), path.toString()))
                .linesOfSuccess();
        // a temporary directory is its maker's alone, and a root directory is everybody's
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        // a root that is thrown away need not survive a crash
        Files.writeString(path.resolve("etc/dpkg/dpkg.cfg.d/test"), "force-unsafe-io\n");
        return new DebianRoot(path);
    }

    private void install(List<String> packages) throws IOException {
        // apt fetches as a user of its own, which needs to enter the root
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        // invoke-rc.d(8) asks this program whether it may start a service
        Path policy = Files.writeString(path.resolve("usr/sbin/policy-rc.d"), "#!/bin/sh\nexit 101\n");
        Files.setPosixFilePermissions(policy, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(entry("0:0"));
        command.addAll(List.of(
                "sh",
                "-ec",
                "apt-get update -qq;"
                        + " apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-unsafe-io \"$@\"",
                "sh"));
        command.addAll(packages);
        Programs.run(TIME_TO_MAKE, command).linesOfSuccess();
    }

    Path path() {
        return path;
    }

    /** Runs a program in the root, with the environment that a system service has. */
    Programs.Result run(String... command) throws IOException {
        return run(PATIENCE, command);
    }

    /** Runs a program in the root that may take this long. */
    Programs.Result run(Duration limit, String... command) throws IOException {
        List<String> words = new ArrayList<>(entry("0:0"));
        words.addAll(List.of(command));
        return Programs.run(limit, words);
    }

    /** The words before a command that has it run in the root, in the same process. */
    List<String> entry(String userAndGroup) {
        return List.of(
                "/usr/bin/env",
                "-i",
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                "DEBIAN_FRONTEND=noninteractive",
                "LC_ALL=C",
                "/usr/bin/unshare",
                "--mount",
                "/bin/sh",
                "-c",
                "root=$1; user=$2; shift 2; mount -t proc proc \"$root/proc\" && exec chroot --userspec=$user \"$root\" \"$@\"",
                "sh",
                path.toString(),
                userAndGroup);
    }

    /** All files, as paths from the root, but what the package manager keeps for itself. */
    Set<String> files() throws IOException {
        try (var files = Files.walk(path)) {
            return files.map(file -> path.relativize(file).toString())
                    .filter(name -> BOOKKEEPING.stream().noneMatch(name::startsWith))
                    .collect(TreeSet::new, Set::add, Set::addAll);
        }
    }

    /** Whether there is such a file, directory or link. */
    boolean has(String name) {
        return Files.exists(path.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void close() throws IOException {
        Programs.run(PATIENCE, List.of("rm", "-rf", "--one-file-system", path.toString()))
                .linesOfSuccess();
    }
}
