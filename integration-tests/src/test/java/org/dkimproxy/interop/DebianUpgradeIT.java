package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Debian package in the place of one that is like Debian's of dkimproxy 1.4.1: conf file and init script are conffiles,
 * and links to the script. There is no systemd.
 */
class DebianUpgradeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String CONF = "etc/dkimproxy/dkimproxy_out.conf";
    private static final String INIT = "etc/init.d/dkimproxy";
    private static final String LINK = "etc/rc2.d/S01dkimproxy";

    @TempDir
    Path folder;

    private DebianRoot debian;
    private SmtpSink relay;

    @BeforeEach
    void installOld() throws IOException {
        Requirements.debootstrap();
        debian = DebianRoot.copyTo(folder);
        relay = SmtpSink.start();
        install(oldPackage());
        assertThat(debian.has(LINK)).isTrue();
        Files.writeString(
                debian.path().resolve(CONF),
                "listen 127.0.0.1:0\nrelay 127.0.0.1:" + relay.address().getPort()
                        + "\ndomain example.org\nselector postfix\nsignature dkim(c=relaxed)\n"
                        + "signature domainkeys(c=nofws)\nkeyfile /var/lib/dkimproxy/private.key\n",
                StandardCharsets.UTF_8);
    }

    @AfterEach
    void discard() throws IOException {
        relay.close();
        debian.close();
    }

    @Test
    void the_files_of_the_site_stay_and_the_new_program_runs_with_them() throws Exception {
        String conf = Files.readString(debian.path().resolve(CONF), StandardCharsets.UTF_8);

        Programs.Result upgrade = install(Tree.archive(".deb"));

        assertThat(upgrade.output())
                .contains("dkimproxy: this package signs only; dkimproxy.in, which verified, is no part of it\n");
        assertThat(upgrade.errors()).doesNotContain("syntax", "error");
        assertThat(Files.readString(debian.path().resolve(CONF), StandardCharsets.UTF_8))
                .isEqualTo(conf);
        assertThat(debian.has("usr/sbin/dkimproxy.in")).isFalse();
        assertThat(debian.has(LINK)).isTrue();
        assertSigns();

        debian.run("dpkg", "--purge", "dkimproxy").linesOfSuccess();
        assertThat(debian.has(INIT)).isFalse();
        assertThat(debian.has(LINK)).isFalse();
        assertThat(debian.has("var/lib/dkimproxy/private.key")).isTrue();
    }

    private void assertSigns() throws Exception {
        debian.run("mkdir", "-p", "/var/lib/dkimproxy").linesOfSuccess();
        debian.run("dkimproxy-keygen", "--domain=x.example", "--selector=s", "--group=dkimproxy", "--out=/tmp")
                .linesOfSuccess();
        debian.run("mv", "/tmp/s._domainkey.x.example.key", "/var/lib/dkimproxy/private.key")
                .linesOfSuccess();
        String user = id("-u") + ":" + id("-g");
        List<String> command = new ArrayList<>(debian.entry(user));
        command.addAll(List.of("/usr/sbin/dkimproxy.out", "--conf_file=/" + CONF));
        try (RunningProxy proxy = RunningProxy.start(command, PATIENCE);
                SmtpSender sender = SmtpSender.connect(proxy.address(), PATIENCE)) {
            sender.readReply();
            byte[] message = "From: joe@example.org\r\nSubject: x\r\n\r\nHi\r\n".getBytes(StandardCharsets.US_ASCII);
            assertThat(sender.transact("joe@example.org", List.of("suzie@example.net"), message)
                            .code())
                    .isEqualTo(250);
        }
        assertThat(new String(relay.awaitMessages(1, PATIENCE).getFirst().data(), StandardCharsets.ISO_8859_1))
                .contains("DKIM-Signature: ", "DomainKey-Signature: ", "d=example.org", "s=postfix");
    }

    private String id(String option) throws IOException {
        return debian.run("id", option, "dkimproxy").linesOfSuccess().getFirst();
    }

    private Programs.Result install(Path archive) throws IOException {
        Files.copy(archive, debian.path().resolve("dkimproxy.deb"));
        Programs.Result result = debian.run("dpkg", "-i", "/dkimproxy.deb");
        assertThat(result.exit()).as(result.errors()).isZero();
        Files.delete(debian.path().resolve("dkimproxy.deb"));
        return result;
    }

    private Path oldPackage() throws IOException {
        Path tree = Files.createDirectory(folder.resolve("old"));
        write(tree, "DEBIAN/control", """
                Package: dkimproxy
                Version: 1.4.1-3
                Architecture: all
                Maintainer: Nobody <nobody@localhost>
                Description: stands for the package of dkimproxy 1.4.1
                """);
        write(tree, "DEBIAN/conffiles", "/" + CONF + "\n/" + INIT + "\n");
        write(tree, "DEBIAN/postinst", "#!/bin/sh\nmkdir -p /etc/rc2.d && ln -sf ../init.d/dkimproxy /" + LINK + "\n");
        write(tree, "DEBIAN/prerm", "#!/bin/sh\ninvoke-rc.d dkimproxy stop\n");
        write(tree, CONF, "listen 127.0.0.1:10027\n");
        write(tree, INIT, "#!/bin/sh\nexit 0\n");
        write(tree, "usr/sbin/dkimproxy.out", "#!/bin/sh\nexit 1\n");
        write(tree, "usr/sbin/dkimproxy.in", "#!/bin/sh\nexit 1\n");
        Path archive = folder.resolve("old.deb");
        Programs.run(
                        PATIENCE,
                        List.of("dpkg-deb", "--root-owner-group", "--build", tree.toString(), archive.toString()))
                .linesOfSuccess();
        return archive;
    }

    private static void write(Path tree, String name, String text) throws IOException {
        Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(file, text, StandardCharsets.UTF_8);
        boolean isScript = text.startsWith("#!");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(isScript ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
