package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dkimproxy.testkit.JdkimJudge;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The Debian package in a clean Debian: installed, run, removed and purged. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DebianPackageIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** It reads every file of the package, which takes half a minute on an idle machine. */
    private static final Duration TIME_FOR_LINTIAN = Duration.ofMinutes(5);

    private static final List<String> TOOLS = List.of("dkimproxy-signfile", "dkimproxy-check", "dkimproxy-keygen");

    @TempDir
    static Path folder;

    private static Path archive;
    private static DebianRoot debian;
    private static Set<String> before;

    @BeforeAll
    static void install() throws IOException {
        Requirements.debootstrap();
        archive = Tree.archive(".deb");
        debian = DebianRoot.copyTo(folder);
        before = debian.files();
        Files.copy(archive, debian.path().resolve("dkimproxy.deb"));
        debian.run("dpkg", "-i", "/dkimproxy.deb").linesOfSuccess();
        Files.delete(debian.path().resolve("dkimproxy.deb"));
    }

    @AfterAll
    static void discard() throws IOException {
        if (debian != null) {
            debian.close();
        }
    }

    @Test
    @Order(1)
    void there_is_no_java_but_the_programs_run() throws IOException {
        assertThat(debian.run("sh", "-c", "command -v java").exit()).isNotZero();
        String version =
                debian.run("dkimproxy.out", "--version").linesOfSuccess().getFirst();
        assertThat(version).startsWith("dkimproxy.out ");
        assertThat(debian.run("dkimproxy.out", "--help").output()).startsWith("Usage: dkimproxy.out ");
        for (String tool : TOOLS) {
            assertThat(debian.run(tool, "--version").linesOfSuccess())
                    .containsExactly(version.replace("dkimproxy.out", tool));
        }
    }

    @Test
    @Order(1)
    void the_files_are_where_debian_has_them() throws IOException {
        assertThat(Stream.of(
                        "usr/sbin/dkimproxy.out",
                        "usr/lib/dkimproxy/bin/dkimproxy.out",
                        "usr/lib/dkimproxy/lib/dkimproxy.aot",
                        "usr/lib/systemd/system/dkimproxy.service",
                        "usr/share/man/man8/dkimproxy.out.8.gz",
                        "usr/share/man/man1/dkimproxy-signfile.1.gz",
                        "usr/share/man/man1/dkimproxy-check.1.gz",
                        "usr/share/man/man1/dkimproxy-keygen.1.gz",
                        "usr/share/doc/dkimproxy/copyright",
                        "etc/dkimproxy/dkimproxy_out.conf.example"))
                .allMatch(debian::has);
        assertThat(debian.has("etc/dkimproxy/dkimproxy_out.conf")).isFalse();
        assertThat(debian.files()).noneMatch(name -> name.matches(".*/dkimproxy-(sign|verify)(\\..*)?"));
    }

    /** Every guide that the README names is there, by the name that it has there. */
    @Test
    @Order(1)
    void the_guides_are_in_the_documentation() throws IOException {
        Path doc = debian.path().resolve("usr/share/doc/dkimproxy");
        String readme = Files.readString(doc.resolve("README.md"), StandardCharsets.UTF_8);
        Matcher guides = Pattern.compile("\\bdocs/[a-z0-9/-]+\\.md").matcher(readme);
        assertThat(guides.results().map(MatchResult::group).distinct())
                .contains("docs/migrate.md")
                .allMatch(guide -> Files.isRegularFile(doc.resolve(guide)));
    }

    @Test
    @Order(1)
    void bash_completes_its_command_lines() throws IOException {
        for (String program : List.of("dkimproxy.out", "dkimproxy-check", "dkimproxy-keygen", "dkimproxy-signfile")) {
            assertThat(debian.run(
                                    "bash",
                                    "-c",
                                    ". /usr/share/bash-completion/completions/" + program + " && complete -p "
                                            + program)
                            .linesOfSuccess())
                    .singleElement()
                    .asString()
                    .startsWith("complete -F _dkimproxy_");
        }
    }

    @Test
    @Order(1)
    void its_directory_is_open_to_the_service_and_keeps_the_mode_that_it_is_given() throws IOException {
        assertThat(modeOfDirectory()).isEqualTo("root:dkimproxy 750");
        debian.run("chown", "root:mail", "/etc/dkimproxy").linesOfSuccess();
        debian.run("chmod", "0711", "/etc/dkimproxy").linesOfSuccess();
        Files.copy(archive, debian.path().resolve("dkimproxy.deb"));
        debian.run("dpkg", "-i", "/dkimproxy.deb").linesOfSuccess();
        Files.delete(debian.path().resolve("dkimproxy.deb"));
        assertThat(modeOfDirectory()).isEqualTo("root:mail 711");
        debian.run("chown", "root:dkimproxy", "/etc/dkimproxy").linesOfSuccess();
        debian.run("chmod", "0750", "/etc/dkimproxy").linesOfSuccess();
    }

    @Test
    @Order(3)
    void its_logrotate_snippet_rotates() throws IOException {
        Requirements.logrotate();
        Path logs = Files.createDirectories(folder.resolve("log"));
        Files.writeString(logs.resolve("out.log"), "line\n", StandardCharsets.UTF_8);
        Path snippet = folder.resolve("logrotate");
        Files.writeString(
                snippet,
                Files.readString(debian.path().resolve("etc/logrotate.d/dkimproxy"), StandardCharsets.UTF_8)
                        .replace("/var/log/dkimproxy", logs.toString())
                        .replace("su dkimproxy dkimproxy", "su root root")
                        .replace("dkimproxy dkimproxy", "root root"),
                StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(snippet, PosixFilePermissions.fromString("rw-r--r--"));
        Programs.run(
                        PATIENCE,
                        List.of("logrotate", "--force", "--state=" + folder.resolve("state"), snippet.toString()))
                .linesOfSuccess();
        assertThat(logs.resolve("out.log.1")).hasContent("line");
        assertThat(logs.resolve("out.log")).isEmptyFile();
    }

    @Test
    @Order(2)
    void mail_is_signed_by_the_user_of_the_service() throws Exception {
        debian.run("dkimproxy-keygen", "--domain=example.org", "--selector=one", "--out=/etc/dkimproxy")
                .linesOfSuccess();
        try (SmtpSink relay = SmtpSink.start()) {
            write(
                    "etc/dkimproxy/dkimproxy_out.conf",
                    "listen 127.0.0.1:0\nrelay 127.0.0.1:" + relay.address().getPort()
                            + "\nsender_map /etc/dkimproxy/sender_map\n");
            write(
                    "etc/dkimproxy/sender_map",
                    "example.org dkim(a=rsa-sha256,s=one,key=/etc/dkimproxy/one._domainkey.example.org.key)\n");
            Programs.Result unreadable = debian.run("dkimproxy-check", "/etc/dkimproxy/dkimproxy_out.conf");
            assertThat(unreadable.output())
                    .containsPattern(
                            "user dkimproxy \\(uid [0-9]+\\) cannot read file \\S*one._domainkey.example.org.key: ")
                    .endsWith("1 error, 0 warnings\n");
            assertThat(unreadable.exit()).isEqualTo(2);
            debian.run("sh", "-c", "chgrp dkimproxy /etc/dkimproxy/*.key && chmod 640 /etc/dkimproxy/*.key")
                    .linesOfSuccess();
            assertThat(debian.run("dkimproxy-check", "/etc/dkimproxy/dkimproxy_out.conf")
                            .linesOfSuccess())
                    .containsExactly("no problems");
            byte[] message = "From: joe@example.org\r\nSubject: x\r\n\r\nHi\r\n".getBytes(StandardCharsets.US_ASCII);
            try (RunningProxy proxy =
                    RunningProxy.start(treeOfService(), PATIENCE, "--conf_file=/etc/dkimproxy/dkimproxy_out.conf")) {
                try (SmtpSender sender = SmtpSender.connect(proxy.address(), PATIENCE)) {
                    sender.readReply();
                    assertThat(sender.transact("joe@example.org", List.of("suzie@example.net"), message)
                                    .code())
                            .isEqualTo(250);
                }
                assertThat(status(proxy, "Uid:")).isEqualTo(idOfService("-u"));
                assertThat(Files.readString(
                                Path.of("/proc", Long.toString(proxy.process().pid()), "maps"), StandardCharsets.UTF_8))
                        .contains("/usr/lib/dkimproxy/lib/dkimproxy.aot");
                assertThat(proxy.stop()).isZero();
                assertThat(proxy.log()).noneMatch(line -> line.contains("warning"));
            }
            assertThat(new JdkimJudge(Map.of("one._domainkey.example.org", record()))
                            .judge(relay.awaitMessages(1, PATIENCE).getFirst().data()))
                    .singleElement()
                    .matches(JdkimJudge.Judgement::passes);
        }
        assertThat(debian.run(
                                "sh",
                                "-c",
                                "printf 'From: joe@example.org\\n\\nHi\\n' |"
                                        + " dkimproxy-signfile --conf_file=/etc/dkimproxy/dkimproxy_out.conf")
                        .output())
                .startsWith("DKIM-Signature: v=1; a=rsa-sha256; ");
    }

    @Test
    @Order(3)
    void its_unit_is_one_that_systemd_understands() throws IOException {
        Requirements.systemdAnalyze();
        // the whole unit with a program that exists outside of the root as well
        Path unit = debian.path().resolve("usr/lib/systemd/system/dkimproxy.service");
        Path copy = folder.resolve("dkimproxy.service");
        String text = Files.readString(unit, StandardCharsets.UTF_8);
        assertThat(text).contains("\nExecStart=/usr/sbin/dkimproxy.out ");
        Files.writeString(copy, text.replace("/usr/sbin/dkimproxy.out", "/bin/true"), StandardCharsets.UTF_8);
        Programs.Result verdict =
                Programs.run(PATIENCE, List.of("systemd-analyze", "verify", "--man=no", copy.toString()));
        assertThat(verdict.exit()).as(verdict.errors()).isZero();
        assertThat(verdict.errors()).doesNotContain("dkimproxy.service");
    }

    @Test
    @Order(3)
    @Tag("long")
    void lintian_has_nothing_to_say() throws IOException {
        Requirements.lintian();
        Programs.Result result = Programs.run(
                TIME_FOR_LINTIAN, List.of("lintian", "--allow-root", "--fail-on", "error,warning", archive.toString()));
        assertThat(result.output()).isEmpty();
        assertThat(result.exit()).isZero();
    }

    @Test
    @Order(4)
    void what_an_administrator_made_outlives_a_purge() throws IOException {
        debian.run("dpkg", "--remove", "dkimproxy").linesOfSuccess();
        assertThat(debian.has("etc/dkimproxy/dkimproxy_out.conf.example")).isTrue();
        assertThat(debian.has("usr/lib/dkimproxy")).isFalse();
        Programs.Result purge = debian.run("dpkg", "--purge", "dkimproxy");
        assertThat(purge.exit()).isZero();
        assertThat(purge.errors()).contains("dkimproxy: files of yours in /etc/dkimproxy were left there");
        assertThat(debian.has("etc/dkimproxy/one._domainkey.example.org.key")).isTrue();
        assertThat(debian.run("id", "dkimproxy").exit()).isZero();
    }

    @Test
    @Order(5)
    void removed_and_purged_it_leaves_nothing() throws IOException {
        debian.run("rm", "-r", "/etc/dkimproxy").linesOfSuccess();
        Files.copy(archive, debian.path().resolve("dkimproxy.deb"));
        debian.run("dpkg", "-i", "/dkimproxy.deb").linesOfSuccess();
        Files.delete(debian.path().resolve("dkimproxy.deb"));
        debian.run("dpkg", "--purge", "dkimproxy").linesOfSuccess();
        Set<String> left = debian.files();
        left.removeAll(before);
        assertThat(left).isEmpty();
        assertThat(debian.files()).containsAll(before);
        assertThat(debian.run("id", "dkimproxy").exit()).isNotZero();
    }

    private static String modeOfDirectory() throws IOException {
        return debian.run("stat", "--format=%U:%G %a", "/etc/dkimproxy")
                .linesOfSuccess()
                .getFirst();
    }

    /** A tree whose program is the one that is installed in the root, run as the unit runs it. */
    private static Path treeOfService() throws IOException {
        Path program = Files.createDirectories(folder.resolve("service/bin")).resolve("dkimproxy.out");
        Files.writeString(
                program,
                debian.entry(idOfService("-u") + ":" + idOfService("-g")).stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" ", "#!/bin/sh\nexec ", " /usr/sbin/dkimproxy.out \"$@\"\n")),
                StandardCharsets.UTF_8);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return folder.resolve("service");
    }

    private static String idOfService(String option) throws IOException {
        return debian.run("id", option, "dkimproxy").linesOfSuccess().getFirst();
    }

    private static String status(RunningProxy proxy, String name) throws IOException {
        return Files.readAllLines(
                        Path.of("/proc", Long.toString(proxy.process().pid()), "status"), StandardCharsets.UTF_8)
                .stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.split("\t", -1)[1])
                .findFirst()
                .orElseThrow();
    }

    private static String record() throws IOException {
        String line = Files.readString(
                debian.path().resolve("etc/dkimproxy/one._domainkey.example.org.txt"), StandardCharsets.US_ASCII);
        return line.substring(line.indexOf('"')).replaceAll("\"\\s*\"?", "");
    }

    private static void write(String name, String text) throws IOException {
        Files.writeString(debian.path().resolve(name), text, StandardCharsets.UTF_8);
    }
}
