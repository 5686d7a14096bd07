package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.dkimproxy.testkit.RunningProxy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples in the README work as they stand, but for the folder that they are in and the port. */
class DocumentationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    @BeforeEach
    void install() throws Exception {
        Readme.install(folder);
    }

    static List<String> confFiles() throws IOException {
        return Readme.samples("conf");
    }

    static List<String> postfixServices() throws IOException {
        return Readme.samples("postfix");
    }

    @ParameterizedTest
    @MethodSource("confFiles")
    void a_conf_file_starts_the_proxy_without_a_warning(String sample) throws Exception {
        Path conf = writeConf(sample);
        try (RunningProxy proxy = RunningProxy.start(Tree.ROOT, PATIENCE, "--conf_file=" + conf)) {
            assertThat(proxy.stop()).isZero();
            assertThat(proxy.log()).noneMatch(line -> line.contains("warning"));
        }
    }

    @Test
    void the_command_that_signs_a_file_signs_it() throws Exception {
        writeConf(Readme.samples("conf").getFirst());
        Files.writeString(
                folder.resolve("message.eml"), "From: a@example.org\nSubject: x\n\nHi\n", StandardCharsets.UTF_8);
        String command = Readme.sampleWith("sh", "dkimproxy-signfile ");
        Programs.Result result = Programs.run(
                PATIENCE,
                List.of(
                        "sh",
                        "-c",
                        "cd " + folder + "; "
                                + Readme.moved(command, folder)
                                        .replace("dkimproxy-signfile ", Tree.program("dkimproxy-signfile") + " ")));
        assertThat(result.exit()).as(result.errors()).isZero();
        assertThat(Files.readString(folder.resolve("signed.eml"), StandardCharsets.UTF_8))
                .startsWith("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; ");
    }

    /** All but the look-up in the DNS, for which there is none here. */
    @Test
    void the_commands_that_make_a_key_and_check_a_configuration_work() throws Exception {
        writeConf(Readme.samples("conf").getFirst());
        String commands = Readme.sampleWith("sh", "dkimproxy-keygen ");
        // the key that the samples name is the one that is made here
        Files.delete(folder.resolve("2026._domainkey.example.org.key"));
        String script = Readme.moved(commands, folder)
                .replace("--group=dkimproxy ", "--group=" + Files.getAttribute(folder, "unix:gid") + " ")
                .replace("dkimproxy-keygen ", Tree.program("dkimproxy-keygen") + " ")
                .replace("dkimproxy-check ", Tree.program("dkimproxy-check") + " ")
                .replace(" --dns ", " ");
        Programs.Result result = Programs.run(PATIENCE, List.of("sh", "-ec", script));
        assertThat(result.exit()).as(result.errors() + result.output()).isZero();
        assertThat(result.output())
                .contains("2026._domainkey.example.org")
                .contains("s=news")
                .contains("i=bulk@example.org");
    }

    @Test
    void the_commands_that_unpack_the_program_and_start_it_do_so() throws Exception {
        writeConf(Readme.samples("conf").getFirst());
        Path archive = Tree.archive(".tar.gz");
        String name = archive.getFileName().toString().replace(".tar.gz", "");
        List<String> commands = Readme.moved(Readme.sampleWith("sh", "dkimproxy.out"), folder)
                .replace("standalone/target", archive.getParent().toString())
                .replace("/usr/local/lib", folder.toString())
                .replace(name.replaceAll("linux-.*", "linux-x86_64"), name)
                .lines()
                .toList();
        assertThat(commands).hasSize(2);
        Programs.run(PATIENCE, List.of("sh", "-c", commands.getFirst())).linesOfSuccess();
        try (RunningProxy proxy = RunningProxy.start(List.of(commands.getLast().split(" ")), PATIENCE)) {
            assertThat(proxy.stop()).isZero();
        }
    }

    @Test
    void the_package_is_where_the_command_that_installs_it_looks() throws Exception {
        String name = Tree.archive(".deb").getFileName().toString().replaceAll("_[^_]*$", "_");
        assertThat(Readme.sampleWith("text", "apt install")).contains(" ./standalone/target/" + name);
    }

    @Test
    void the_commands_that_read_the_metrics_read_them() throws Exception {
        Requirements.curl();
        Path conf = writeConf(Readme.samples("conf").getFirst());
        String commands = Readme.sampleWith("sh", "/metrics");
        try (RunningProxy proxy =
                RunningProxy.start(Tree.ROOT, PATIENCE, "--conf_file=" + conf, "--metrics_listen=127.0.0.1:0")) {
            String address = awaitMetrics(proxy).replaceAll("metrics on http://(.*)/metrics", "$1");
            Programs.Result result =
                    Programs.run(PATIENCE, List.of("sh", "-ec", commands.replace("127.0.0.1:9465", address)));
            assertThat(result.exit()).as(result.errors()).isZero();
            assertThat(result.output())
                    .contains("\ndkimproxy_active_sessions 0.0\n")
                    .endsWith("\nok\n");
        }
    }

    /** The line comes after the one that the start waits for. */
    private static String awaitMetrics(RunningProxy proxy) throws InterruptedException {
        return proxy.awaitLine(text -> text.startsWith("metrics on "), PATIENCE);
    }

    @ParameterizedTest
    @MethodSource("postfixServices")
    void postfix_reads_the_services_of_a_sample(String sample) throws Exception {
        Requirements.postfix();
        Files.writeString(folder.resolve("main.cf"), "compatibility_level = 3.6\n", StandardCharsets.UTF_8);
        Files.writeString(folder.resolve("master.cf"), sample, StandardCharsets.UTF_8);
        Programs.Result services = Programs.run(PATIENCE, List.of("/usr/sbin/postconf", "-c", folder.toString(), "-M"));
        assertThat(services.exit()).as(services.errors()).isZero();
        assertThat(services.errors()).isEmpty();
        assertThat(services.output().lines().filter(line -> !line.startsWith(" ")))
                .hasSizeBetween(2, 3);
        Programs.Result options = Programs.run(PATIENCE, List.of("/usr/sbin/postconf", "-c", folder.toString(), "-P"));
        assertThat(options.errors()).doesNotContain("unused parameter");
    }

    private Path writeConf(String sample) throws IOException {
        String conf = Readme.moved(sample, folder).replaceAll("(?m)^(listen\\s+127\\.0\\.0\\.1):\\d+", "$1:0");
        return Files.writeString(folder.resolve("dkimproxy_out.conf"), conf, StandardCharsets.UTF_8);
    }
}
