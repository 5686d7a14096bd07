package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.dkimproxy.testkit.JdkimJudge;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code .tar.gz}, unpacked in a place of which the build knew nothing: it needs no Java, and starts with its cache. */
class PackedTreeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String MESSAGE = "From: joe@example.org\r\nSubject: x\r\n\r\nHi\r\n";

    /** Megabytes that an idle proxy may have resident. */
    private static final int RESIDENT = 90;

    /** Bytes that the archive and the tree may take. */
    private static final long ARCHIVE = 45_000_000;

    private static final long UNPACKED = 120_000_000;

    @TempDir
    Path folder;

    private Path tree;
    private String[] arguments;
    private SmtpSink relay;
    private Map<String, String> records;

    @BeforeEach
    void unpack() throws Exception {
        Path archive = Tree.archive(".tar.gz");
        Path place = Files.createDirectories(folder.resolve("a place/of its own"));
        Programs.run(PATIENCE, List.of("tar", "-xzf", archive.toString(), "-C", place.toString()))
                .linesOfSuccess();
        try (Stream<Path> files = Files.list(place)) {
            tree = files.findFirst().orElseThrow();
        }
        assertThat(archive.getFileName()).hasToString(tree.getFileName() + ".tar.gz");
        TestKeys keys = TestKeys.generate(folder);
        records = Map.of("one._domainkey.example.org", keys.record("rsa-sha256"));
        relay = SmtpSink.start();
        arguments = new String[] {
            "--listen=127.0.0.1:0",
            "--relay=127.0.0.1:" + relay.address().getPort(),
            "--domain=example.org",
            "--selector=one",
            "--signature=dkim(a=rsa-sha256)",
            "--keyfile=" + keys.rsaFile()
        };
    }

    @AfterEach
    void closeRelay() throws IOException {
        relay.close();
    }

    @Test
    void it_signs_as_a_single_process_without_a_java_on_the_machine() throws Exception {
        try (RunningProxy proxy = start()) {
            send(proxy);
            ProcessHandle process = proxy.process().toHandle();
            assertThat(process.children()).isEmpty();
            assertThat(process.info().command())
                    .contains(tree.resolve("runtime/bin/java").toRealPath().toString());
            assertThat(mapsCache(proxy)).isTrue();
            assertThat(maps(proxy, "/lib/native/libamazonCorrettoCryptoProvider.so"))
                    .isTrue();
            assertThat(proxy.stop()).isZero();
            assertThatMachineSaidNothing(proxy);
        }
    }

    /** To open them takes longer than all else that its own code does before it listens. */
    @Test
    void it_opens_its_jars_once_it_listens() throws Exception {
        Path log = folder.resolve("init");
        Map<String, String> tellsInitializations = Map.of("DKIMPROXY_JAVA_OPTS", "-Xlog:class+init=info:file=" + log);
        try (RunningProxy proxy = RunningProxy.start(tree, PATIENCE, tellsInitializations, arguments)) {
            assertThat(proxy.stop()).isZero();
        }
        assertThat(Files.readString(log, StandardCharsets.UTF_8))
                .containsSubsequence("sun/nio/ch/ServerSocketChannelImpl'", "java/util/zip/ZipFile$Source'");
    }

    /** Whichever JDK the run-time is from. */
    @Test
    void it_is_small() throws Exception {
        assertThat(Files.size(Tree.archive(".tar.gz"))).isLessThanOrEqualTo(ARCHIVE);
        long size = 0;
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                assertThat(file.toString()).doesNotEndWith(".debuginfo");
                size += Files.size(file);
            }
        }
        assertThat(size).isLessThanOrEqualTo(UNPACKED);
    }

    @Test
    void an_idle_proxy_is_small() throws Exception {
        try (RunningProxy proxy = start()) {
            send(proxy);
            assertThat(residentMegabytes(proxy)).isLessThanOrEqualTo(RESIDENT);
        }
    }

    @Test
    void a_cache_that_does_not_fit_is_silently_done_without() throws Exception {
        try (Stream<Path> jars = Files.list(tree.resolve("lib"))) {
            Path jar = jars.filter(file -> file.getFileName().toString().startsWith("slf4j"))
                    .findFirst()
                    .orElseThrow();
            Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
        }
        try (RunningProxy proxy = start()) {
            send(proxy);
            assertThat(mapsCache(proxy)).isFalse();
            assertThat(proxy.stop()).isZero();
            assertThatMachineSaidNothing(proxy);
        }
    }

    @Test
    void a_damaged_cache_is_silently_done_without() throws Exception {
        Files.writeString(tree.resolve("lib/dkimproxy.aot"), "no cache\n", StandardCharsets.US_ASCII);
        try (RunningProxy proxy = start()) {
            send(proxy);
            assertThat(proxy.stop()).isZero();
            assertThatMachineSaidNothing(proxy);
        }
    }

    /** As scripts send it that do not know how long a start takes. */
    @Test
    void a_hup_while_it_starts_does_not_end_it() throws Exception {
        String script = """
                pid=$$
                (
                    until case $(readlink "/proc/$pid/exe") in */java) true ;; *) false ;; esac; do :; done
                    count=0
                    while [ "$count" -lt 50 ] && kill -HUP "$pid"; do
                        count=$((count + 1))
                        sleep 0.01
                    done
                ) < /dev/null > /dev/null 2>&1 &
                exec "$@"
                """;
        List<String> command = new ArrayList<>(List.of(
                "sh", "-c", script, "sh", tree.resolve("bin/dkimproxy.out").toString()));
        command.addAll(List.of(arguments));
        try (RunningProxy proxy = RunningProxy.start(command, PATIENCE)) {
            send(proxy);
            Daemon.await(() -> proxy.log().contains("configuration reloaded"), "an answer to the last of them");
            assertThat(proxy.stop()).isZero();
        }
    }

    /** As an upgrade takes away what it puts other files in the place of; without the cache, so that all is in the jars. */
    @Test
    void it_goes_on_when_its_files_are_taken_away() throws Exception {
        Files.delete(tree.resolve("lib/dkimproxy.aot"));
        Path map = Files.writeString(
                folder.resolve("map"),
                "example.org dkim(a=rsa-sha256,s=one,key=" + folder.resolve("rsa.pem") + ")\n",
                StandardCharsets.UTF_8);
        List<Path> jars;
        try (Stream<Path> files = Files.list(tree.resolve("lib"))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
        try (RunningProxy proxy =
                RunningProxy.start(tree, PATIENCE, arguments[0], arguments[1], "--strict", "--sender_map=" + map)) {
            Daemon.await(() -> openFiles(proxy).containsAll(jars), "all jars to be open");
            Programs.run(PATIENCE, List.of("rm", "-r", tree + "/lib", tree + "/runtime"))
                    .linesOfSuccess();
            send(proxy);
            Files.writeString(
                    map,
                    "example.org dkim(a=ed25519-sha256,s=two,key=" + folder.resolve("ed25519.pem") + ")\n",
                    StandardCharsets.UTF_8);
            Daemon.await(() -> proxy.log().contains("configuration reloaded"), "a reload");
            try (SmtpSender sender = SmtpSender.connect(proxy.address(), PATIENCE)) {
                sender.readReply();
                assertThat(sender.transact(
                                        "joe@example.org",
                                        List.of("suzie@example.net"),
                                        MESSAGE.getBytes(StandardCharsets.US_ASCII))
                                .code())
                        .isEqualTo(250);
            }
            assertThat(relay.awaitMessages(2, PATIENCE).getLast().data())
                    .asString(StandardCharsets.ISO_8859_1)
                    .startsWith("DKIM-Signature: v=1; a=ed25519-sha256;");
            assertThat(proxy.stop()).isZero();
            assertThat(proxy.log()).noneMatch(line -> line.contains("NoClassDefFound") || line.contains("fault"));
        }
    }

    @Test
    void every_program_runs_with_nothing_in_its_environment() throws Exception {
        String version = tree.getFileName().toString().replaceAll("dkimproxy-(.*)-linux-.*", "$1");
        for (String program : List.of("dkimproxy.out", "dkimproxy-signfile", "dkimproxy-check", "dkimproxy-keygen")) {
            assertThat(runWithoutEnvironment(program, "--help").output()).startsWith("Usage: " + program + " ");
            assertThat(runWithoutEnvironment(program, "--version"))
                    .isEqualTo(new Programs.Result(0, program + " " + version + "\n", ""));
        }
        // the name of earlier versions
        assertThat(runWithoutEnvironment("dkimproxy-sign", "--version"))
                .isEqualTo(new Programs.Result(0, "dkimproxy-signfile " + version + "\n", ""));
    }

    private Programs.Result runWithoutEnvironment(String program, String option) throws IOException {
        String path = tree.resolve("bin").resolve(program).toString();
        return Programs.run(PATIENCE, List.of("/usr/bin/env", "-i", path, option));
    }

    private RunningProxy start() throws IOException, InterruptedException {
        return RunningProxy.start(tree, PATIENCE, arguments);
    }

    private void send(RunningProxy proxy) throws Exception {
        try (SmtpSender sender = SmtpSender.connect(proxy.address(), PATIENCE)) {
            sender.readReply();
            assertThat(sender.transact(
                                    "joe@example.org",
                                    List.of("suzie@example.net"),
                                    MESSAGE.getBytes(StandardCharsets.US_ASCII))
                            .code())
                    .isEqualTo(250);
        }
        assertThat(new JdkimJudge(records)
                        .judge(relay.awaitMessages(1, PATIENCE).getFirst().data()))
                .singleElement()
                .matches(JdkimJudge.Judgement::passes);
    }

    /** Lines of the Java virtual machine begin with what tells their kind, such as {@code [warning][aot]}. */
    private static void assertThatMachineSaidNothing(RunningProxy proxy) {
        assertThat(proxy.log()).isNotEmpty().noneMatch(line -> line.startsWith("[") || line.contains("AOT"));
    }

    private static boolean mapsCache(RunningProxy proxy) throws IOException {
        return maps(proxy, "/lib/dkimproxy.aot");
    }

    private static boolean maps(RunningProxy proxy, String file) throws IOException {
        return Files.readString(proc(proxy, "maps"), StandardCharsets.UTF_8).contains(file);
    }

    private static Set<Path> openFiles(RunningProxy proxy) {
        Set<Path> open = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(proc(proxy, "fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)) {
                    open.add(Files.readSymbolicLink(descriptor));
                }
            }
        } catch (IOException closedMeanwhile) {
            return Set.of();
        }
        return open;
    }

    private static long residentMegabytes(RunningProxy proxy) throws IOException {
        return Files.readAllLines(proc(proxy, "status"), StandardCharsets.UTF_8).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private static Path proc(RunningProxy proxy, String file) {
        return Path.of("/proc", Long.toString(proxy.process().pid()), file);
    }
}
