package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.dkimproxy.testkit.RunningProxy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples in the README and the guides work unchanged, except for folder and port. */
class DocumentationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern MADE_KEY = Pattern.compile("dkimproxy-keygen --domain=(\\S+) --selector=(\\S+) ");

    @TempDir
    Path folder;

    @BeforeEach
    void install() throws Exception {
        UserGuide.install(folder);
    }

    static List<String> confFiles() throws IOException {
        return UserGuide.samples("conf");
    }

    static List<String> senderMaps() throws IOException {
        return UserGuide.samples("sendermap");
    }

    static List<String> keyCommands() throws IOException {
        return UserGuide.samples("sh").stream()
                .filter(sample -> sample.contains("dkimproxy-keygen ") || sample.contains("dkimproxy-check "))
                .toList();
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
        writeConf(UserGuide.samples("conf").getFirst());
        Files.writeString(
                folder.resolve("message.eml"), "From: a@example.org\nSubject: x\n\nHi\n", StandardCharsets.UTF_8);
        String command = UserGuide.sampleWith("sh", "dkimproxy-signfile ");
        Programs.Result result = Programs.run(
                PATIENCE,
                List.of(
                        "sh",
                        "-c",
                        "cd " + folder + "; "
                                + UserGuide.moved(command, folder)
                                        .replace("dkimproxy-signfile ", Tree.program("dkimproxy-signfile") + " ")));
        assertThat(result.exit()).as(result.errors()).isZero();
        assertThat(Files.readString(folder.resolve("signed.eml"), StandardCharsets.UTF_8))
                .startsWith("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; ");
    }

    @ParameterizedTest
    @MethodSource("senderMaps")
    void a_sender_map_has_no_error(String sample) throws Exception {
        Path conf = writeConf(UserGuide.samples("conf").getFirst());
        Files.writeString(folder.resolve("sender_map"), UserGuide.moved(sample, folder), StandardCharsets.UTF_8);
        Programs.Result result =
                Programs.run(PATIENCE, List.of(Tree.program("dkimproxy-check"), "--strict", conf.toString()));
        assertThat(result.exit()).as(result.output() + result.errors()).isZero();
    }

    /** Without the DNS query, since no server has these records. */
    @ParameterizedTest
    @MethodSource("keyCommands")
    void commands_that_make_a_key_and_check_a_configuration_work(String sample) throws Exception {
        writeConf(UserGuide.samples("conf").getFirst());
        // a key that the sender map names may be the one that is made here
        for (MatchResult made : MADE_KEY.matcher(sample).results().toList()) {
            Files.deleteIfExists(folder.resolve(made.group(2) + "._domainkey." + made.group(1) + ".key"));
        }
        String script = UserGuide.moved(sample, folder)
                .replace("--group=dkimproxy ", "--group=" + Files.getAttribute(folder, "unix:gid") + " ")
                .replace("dkimproxy-keygen ", Tree.program("dkimproxy-keygen") + " ")
                .replace("dkimproxy-check ", Tree.program("dkimproxy-check") + " ")
                .replace(" --dns ", " ");
        Programs.Result result = Programs.run(PATIENCE, List.of("sh", "-ec", script));
        assertThat(result.exit()).as(result.errors() + result.output()).isZero();
        for (MatchResult made : MADE_KEY.matcher(sample).results().toList()) {
            assertThat(result.output()).contains(made.group(2) + "._domainkey." + made.group(1) + ". IN TXT ");
        }
        if (sample.contains("--sender=news@example.org")) {
            assertThat(result.output()).contains("s=news").contains("i=bulk@example.org");
        }
    }

    @Test
    void the_commands_that_unpack_the_program_and_start_it_do_so() throws Exception {
        writeConf(UserGuide.samples("conf").getFirst());
        Path archive = Tree.archive(".tar.gz");
        String name = archive.getFileName().toString().replace(".tar.gz", "");
        List<String> commands = UserGuide.moved(UserGuide.sampleWith("sh", "tar -xzf"), folder)
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
    void the_package_is_where_the_commands_that_install_it_look() throws Exception {
        String name = Tree.archive(".deb").getFileName().toString().replaceAll("_[^_]*$", "_");
        assertThat(UserGuide.samples("text").stream().filter(sample -> sample.contains("apt install")))
                .hasSize(2)
                .allMatch(sample -> sample.contains(" ./standalone/target/" + name));
    }

    @Test
    void the_commands_that_read_the_metrics_read_them() throws Exception {
        Requirements.curl();
        Path conf = writeConf(UserGuide.samples("conf").getFirst());
        String commands = UserGuide.sampleWith("sh", "/metrics");
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

    private Path writeConf(String sample) throws IOException {
        String conf = UserGuide.moved(sample, folder)
                .replaceAll("(?m)^((?:metrics_)?listen\\s+127\\.0\\.0\\.1):\\d+", "$1:0");
        return Files.writeString(folder.resolve("dkimproxy_out.conf"), conf, StandardCharsets.UTF_8);
    }
}
