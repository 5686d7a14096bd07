package org.dkimproxy.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The foreign programs that proofs need: missing ones are named; under CI they are a failure, elsewhere the test is left out. */
final class Requirements {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Requirements() {}

    /** Mail::DKIM, for Perl. */
    static void mailDkim() {
        need(List.of("perl", "-MMail::DKIM::Verifier", "-MMail::DKIM::TextWrap", "-e", "1"), "libmail-dkim-perl");
    }

    /** dkimpy with Ed25519, for Debian's own Python. */
    static void dkimpy() {
        need(List.of("/usr/bin/python3", "-c", "import dkim, nacl.signing"), "python3-dkim and python3-nacl");
    }

    /** OpenDKIM's filter, which verifies files in its test mode. */
    static void openDkim() {
        need(List.of(OpenDkimVerifier.PROGRAM, "-V"), "opendkim");
    }

    /** Postfix, for its load generator and its configuration checker. */
    static void postfix() {
        need(List.of("/usr/sbin/postconf", "-d", "mail_version"), "postfix");
    }

    /** The rights of root, to give them up. */
    static void root() {
        String lack =
                lack(List.of("sh", "-c", "test $(id -u) = 0 || { echo only root can give up rights >&2; exit 1; }"));
        if (!lack.isEmpty()) {
            notProved(System.getenv(), "not proved here: " + lack);
        }
    }

    /** What makes a minimal Debian, which takes the rights of root. */
    static void debootstrap() {
        need(List.of("sh", "-c", "test \"$(id -u)\" = 0 && debootstrap --version"), "debootstrap");
    }

    /** The checker of Debian packages. */
    static void lintian() {
        need(List.of("lintian", "--version"), "lintian");
    }

    /** What rotates logs. */
    static void logrotate() {
        need(List.of("logrotate", "--version"), "logrotate");
    }

    /** The checker of systemd units. */
    static void systemdAnalyze() {
        need(List.of("systemd-analyze", "--version"), "systemd");
    }

    /** What boots a Debian in a folder, which takes the rights of root. */
    static void systemdNspawn() {
        need(List.of("sh", "-c", "test \"$(id -u)\" = 0 && systemd-nspawn --version"), "systemd-container");
    }

    /** One formatter of manual pages. */
    static void mandoc() {
        need(List.of("sh", "-c", "command -v mandoc"), "mandoc");
    }

    /** Another formatter of manual pages. */
    static void groff() {
        need(List.of("groff", "--version"), "groff-base");
    }

    /** curl, for commands of the documentation. */
    static void curl() {
        need(List.of("curl", "--version"), "curl");
    }

    /** The checker of Prometheus rules; returns its path. The first call may download it. */
    static String promtool() throws IOException {
        Programs.Result found = Programs.run(
                Duration.ofMinutes(4),
                List.of(
                        "../tools/promtool",
                        Path.of("target/promtool").toAbsolutePath().toString()));
        if (found.exit() != 0) {
            missing(System.getenv(), "prometheus", found.errors().strip());
        }
        return found.output().strip();
    }

    /** Postfix as a server, which needs root. */
    static void postfixServer() {
        postfix();
        String lack =
                lack(List.of("sh", "-c", "test $(id -u) = 0 || { echo only root can start Postfix >&2; exit 1; }"));
        if (!lack.isEmpty()) {
            notProved(System.getenv(), "not proved here: " + lack);
        }
    }

    /** Mounts that no other process sees, which need root. */
    static void ownMounts() {
        root();
        need(
                List.of("unshare", "--mount", "--propagation", "private", "mount", "--bind", "/tmp", "/tmp"),
                "util-linux");
    }

    /** Networks of its own, with their own addresses, which need root. */
    static void networkNamespaces() {
        root();
        need(List.of("unshare", "--net", "ip", "link", "set", "lo", "up"), "iproute2 and python3");
    }

    private static void need(List<String> probe, String packages) {
        String lack = lack(probe);
        if (!lack.isEmpty()) {
            missing(System.getenv(), packages, lack);
        }
    }

    /** What the probe says is wrong; empty if it runs well. */
    static String lack(List<String> probe) {
        try {
            Programs.Result result = Programs.run(LIMIT, probe);
            return result.exit() == 0 ? "" : result.errors().strip();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Fails under CI, else aborts the test; either way says which package is missing. */
    static void missing(Map<String, String> environment, String packages, String why) {
        notProved(
                environment,
                "not proved here: the Debian package " + packages + " is missing (apt-get install "
                        + packages.replace(" and ", " ") + "): " + why);
    }

    /** Fails under CI, else aborts the test. */
    static void notProved(Map<String, String> environment, String text) {
        if (environment.getOrDefault("CI", "").isEmpty()) {
            System.err.println(text);
            Assumptions.abort(text);
        }
        Assertions.fail(text);
    }
}
