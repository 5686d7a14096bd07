package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Debian package in the place of one like Debian's of dkimproxy 1.4.1, where there is no systemd: the init script of
 * the old package, a conffile, goes on starting the program.
 */
@ParameterizedClass
@MethodSource("releases")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DebianUpgradeIT {
    private static final String CONSENT = "etc/dkimproxy/without-dkimproxy.in";

    @TempDir
    static Path folder;

    /** The code name of the Debian. */
    @Parameter
    String release;

    private static DebianRoot debian;
    private static SmtpSink relay;
    private static StockPackage stock;
    private static Map<String, String> conffiles;

    static List<String> releases() {
        return List.of(DebianRoot.RELEASE);
    }

    @BeforeParameterizedClassInvocation
    static void installStock(String release) throws IOException {
        Requirements.debootstrap();
        Path files = Files.createDirectory(folder.resolve(release));
        debian = DebianRoot.copyTo(files, release);
        relay = SmtpSink.start();
        stock = StockPackage.putInto(debian, relay, files);
        Files.copy(Tree.archive(".deb"), debian.path().resolve("dkimproxy.deb"));
        // as sysvinit has it: invoke-rc.d starts nothing in a root without an init and a runlevel
        debian.run(
                        "sh",
                        "-c",
                        "ln -s /bin/true /sbin/init; printf '#!/bin/sh\\necho N 2\\n' > /sbin/runlevel; chmod 755 /sbin/runlevel")
                .linesOfSuccess();
        debian.run("dpkg", "-i", "/stock.deb").linesOfSuccess();
        stock.set("DOMAIN=example.org");
        conffiles = stock.conffiles();
    }

    @AfterParameterizedClassInvocation
    static void discard() throws IOException {
        if (debian != null) {
            debian.run("/" + StockPackage.INIT, "stop");
            relay.close();
            debian.close();
        }
    }

    @Test
    @Order(1)
    void nothing_is_unpacked_while_dkimproxy_in_is_to_run() throws IOException {
        Programs.Result refused = debian.run("dpkg", "-i", "/dkimproxy.deb");
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.errors())
                .contains(
                        "dkimproxy: not installed: this host runs dkimproxy.in",
                        "\n         RUN_DKIMPROXY_IN=0\n",
                        "\n         touch /" + CONSENT + "\n");
        assertThat(debian.run("dpkg-query", "--show", "--showformat=${Version} ${Status}", "dkimproxy")
                        .output())
                .isEqualTo("1.4.1-3 install ok installed");
        assertThat(debian.has("usr/sbin/dkimproxy.in")).isTrue();
        assertThat(debian.has("usr/lib/dkimproxy")).isFalse();
        assertThat(stock.conffiles()).isEqualTo(conffiles);
        // the old package had stopped them, as dpkg wants it to
        assertRuns("dkimproxy.in");
        assertRuns("dkimproxy.out");
    }

    /** A process is more than a word in a file: perhaps somebody started it by hand. */
    @Test
    @Order(2)
    void nothing_is_unpacked_while_dkimproxy_in_runs_although_it_is_not_to() throws Exception {
        Process byHand = new ProcessBuilder(inRoot("/usr/sbin/dkimproxy.in", "--serve")).start();
        try {
            debian.run("sh", "-c", "echo RUN_DKIMPROXY_IN=0 >> /" + StockPackage.DEFAULTS)
                    .linesOfSuccess();
            Programs.Result refused = debian.run("dpkg", "-i", "/dkimproxy.deb");
            assertThat(refused.exit()).isNotZero();
            assertThat(refused.errors()).contains("this host runs dkimproxy.in");
        } finally {
            byHand.destroy();
            byHand.waitFor();
            debian.run("sed", "-i", "/^RUN_DKIMPROXY_IN=0/d", "/" + StockPackage.DEFAULTS)
                    .linesOfSuccess();
        }
        assertThat(debian.has("usr/lib/dkimproxy")).isFalse();
    }

    @Test
    @Order(3)
    void with_the_consent_of_the_administrator_the_new_program_signs_as_the_old_one_did() throws Exception {
        debian.run("touch", "/" + CONSENT).linesOfSuccess();
        Programs.Result upgrade = debian.run("dpkg", "-i", "/dkimproxy.deb");
        assertThat(upgrade.exit()).as(upgrade.errors()).isZero();
        assertThat(debian.has("usr/sbin/dkimproxy.in")).isFalse();
        assertThat(stock.conffiles()).isEqualTo(conffiles);
        assertThat(upgrade.errors())
                .contains("the group of /" + StockPackage.KEY + " is now dkimproxy")
                .doesNotContain("syntax");
        stock.assertSigned(relay);
    }

    @Test
    @Order(4)
    void purged_it_leaves_the_key() throws IOException {
        debian.run("dpkg", "--purge", "dkimproxy").linesOfSuccess();
        assertThat(debian.has(StockPackage.INIT)).isFalse();
        assertThat(debian.has("etc/rc2.d/S01dkimproxy")).isFalse();
        assertThat(debian.has(CONSENT)).isFalse();
        assertThat(debian.has(StockPackage.KEY)).isTrue();
    }

    /** All of that is in the files of the init script, which goes on starting the program. */
    @Test
    @Order(5)
    void the_user_of_the_old_daemon_and_changes_of_its_init_script_are_kept() throws Exception {
        debian.run("dpkg", "-i", "/stock.deb").linesOfSuccess();
        debian.run("adduser", "--system", "--group", "--quiet", "--no-create-home", "signer")
                .linesOfSuccess();
        stock.set("DOMAIN=example.org\nRUN_DKIMPROXY_IN=0\nDKIMPROXYUSER=signer\nDKIMPROXYGROUP=signer");
        debian.run("sed", "-i", "s/--signature=domainkeys/& --max_servers=7/", "/" + StockPackage.INIT)
                .linesOfSuccess();
        conffiles = stock.conffiles();
        Programs.Result upgrade = debian.run("dpkg", "-i", "/dkimproxy.deb");
        assertThat(upgrade.exit()).as(upgrade.errors()).isZero();
        assertThat(stock.conffiles()).isEqualTo(conffiles);
        assertThat(upgrade.errors()).contains("the group of /" + StockPackage.KEY + " is now signer");
        stock.assertSigned(relay);
        String process = "/proc/$(cat /var/run/dkimproxy.out)";
        assertThat(debian.run("sh", "-c", "stat --format=%U:%G " + process).output())
                .isEqualTo("signer:signer\n");
        assertThat(debian.run("sh", "-c", "tr '\\0' ' ' < " + process + "/cmdline")
                        .output())
                .contains(" --max_servers=7 ");
    }

    private static void assertRuns(String program) throws IOException {
        debian.run("sh", "-c", "kill -0 \"$(cat /var/run/" + program + ")\"").linesOfSuccess();
    }

    private static List<String> inRoot(String... words) {
        List<String> command = new ArrayList<>(debian.entry("0:0"));
        command.addAll(List.of(words));
        return command;
    }
}
