package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dkimproxy.testkit.Await;
import org.dkimproxy.testkit.JdkimJudge;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SignalSender;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * While mail flows on several connections, maps, keys and the conf file of the built program are broken, mended and replaced.
 * Every message that a client was told is taken arrives once, signed as one state of the configuration asks, and verifies.
 */
@Timeout(300)
class ReloadUnderLoadIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CONNECTIONS = 4;
    private static final String FAILED = "configuration reload failed; the previous configuration stays active";
    private static final String RELOADED = "configuration reloaded";
    private static final Pattern ID = Pattern.compile("\r\nMessage-ID: <([^>]*)>\r\n");

    @TempDir
    Path folder;

    private final ConcurrentLinkedQueue<String> taken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicBoolean enough = new AtomicBoolean();
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();

    private TestKeys one;
    private TestKeys two;
    private Path map;
    private Path conf;
    private SmtpSink relay;
    private RunningProxy proxy;

    @BeforeEach
    void start() throws Exception {
        one = TestKeys.generate(Files.createDirectory(folder.resolve("one")));
        two = TestKeys.generate(Files.createDirectory(folder.resolve("two")));
        map = folder.resolve("map");
        conf = folder.resolve("conf");
        relay = SmtpSink.start();
        replace(map, rule("one", one));
        replace(conf, options(""));
        proxy = RunningProxy.start(Tree.ROOT, PATIENCE, "--conf_file=" + conf);
    }

    @AfterEach
    void stop() throws IOException {
        enough.set(true);
        senders.close();
        proxy.close();
        relay.close();
    }

    private String options(String more) {
        return "listen 127.0.0.1:0\nrelay 127.0.0.1:" + relay.address().getPort() + "\nsender_map " + map + "\n" + more;
    }

    private static String rule(String selector, TestKeys keys) {
        return "example.org dkim(s=" + selector + ",key=" + keys.rsaFile() + ")\n";
    }

    private static void replace(Path file, String content) throws IOException {
        Path next =
                Files.writeString(file.resolveSibling(file.getFileName() + ".new"), content, StandardCharsets.UTF_8);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void broken_and_mended_maps_keys_and_conf_files_lose_nothing_and_sign_nothing_wrongly() throws Exception {
        List<Future<Void>> load = startLoad();
        awaitDelivery("one");

        replace(map, "# a comment\nexample.org dkim(s=broken,key=" + folder + "/missing)\n");
        awaitLine(FAILED::equals, 1);
        assertThat(proxy.log())
                .contains(map + ":2:31: error: cannot read key file " + folder + "/missing: No such file or directory");
        awaitDelivery("one");

        replace(map, "example.org dkim(s=broken,c=odd,key=" + one.rsaFile() + ")\n");
        awaitLine(FAILED::equals, 2);
        assertThat(proxy.log()).anyMatch(line -> line.startsWith(map + ":1:29: error: found method \"odd\""));

        replace(map, rule("two", two));
        awaitLine(RELOADED::equals, 1);
        awaitDelivery("two");

        replace(conf, options("method wrong\n"));
        awaitLine(FAILED::equals, 3);
        assertThat(proxy.log()).anyMatch(line -> line.startsWith(conf + ":4:8: error: found method \"wrong\""));
        awaitDelivery("two");

        replace(conf, options("method simple\n"));
        awaitLine(RELOADED::equals, 2);
        awaitDelivery("two");

        endLoad(load);
        Set<String> states = assertAllArrivedOnceAndVerify(Map.of(
                "one._domainkey.example.org", one.record("rsa-sha256"),
                "two._domainkey.example.org", two.record("rsa-sha256")));
        assertThat(states).containsExactlyInAnyOrder("s=one c=relaxed", "s=two c=relaxed", "s=two c=simple");
    }

    @Test
    void a_storm_of_hangups_between_two_states_mixes_nothing() throws Exception {
        List<Future<Void>> load = startLoad();
        awaitDelivery("one");
        for (int i = 0; i < 40; i++) {
            replace(map, i % 2 == 0 ? rule("two", two) : rule("one", one));
            for (int signals = 0; signals < 3; signals++) {
                hangUp();
            }
        }
        awaitLine(RELOADED::equals, 2);
        replace(map, rule("two", two));
        long reloads = reloads();
        hangUp();
        awaitLine(RELOADED::equals, Math.toIntExact(reloads) + 1);
        awaitDelivery("two");
        endLoad(load);
        Set<String> states = assertAllArrivedOnceAndVerify(Map.of(
                "one._domainkey.example.org", one.record("rsa-sha256"),
                "two._domainkey.example.org", two.record("rsa-sha256")));
        assertThat(states).containsExactlyInAnyOrder("s=one c=relaxed", "s=two c=relaxed");
        assertThat(proxy.log()).doesNotContain(FAILED);
    }

    @Test
    void a_replaced_key_file_signs_from_then_on_and_a_broken_one_does_not_stop_mail() throws Exception {
        List<Future<Void>> load = startLoad();
        awaitDelivery("one");
        replace(one.rsaFile(), "no key at all\n");
        awaitLine(line -> line.contains(one.rsaFile().toString()) && line.contains("found no private key"), 1);
        awaitDelivery("one");
        byte[] before = Files.readAllBytes(two.rsaFile());
        replace(one.rsaFile(), new String(before, StandardCharsets.US_ASCII));
        int begunBefore = numbers.get();
        awaitDelivery("one");
        endLoad(load);
        Map<String, String> oldRecord = Map.of("one._domainkey.example.org", one.record("rsa-sha256"));
        Map<String, String> newRecord = Map.of("one._domainkey.example.org", two.record("rsa-sha256"));
        assertTakenArrivedOnce();
        for (SmtpSink.Message message : relay.messages()) {
            boolean old = verifies(oldRecord, message);
            assertThat(verifies(newRecord, message))
                    .as("one of the two keys: " + message.text())
                    .isNotEqualTo(old);
            assertThat(old && number(message) > begunBefore)
                    .as("begun after the key was replaced, and signed with the old one: " + message.text())
                    .isFalse();
        }
        assertThat(numbers.get()).isGreaterThan(begunBefore);
        assertThat(proxy.log()).noneMatch(line -> line.contains("unsigned"));
    }

    /** Clients that send until it is enough: some in one session, some in a session for each message, some slowly. */
    private List<Future<Void>> startLoad() {
        List<Future<Void>> load = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            boolean oneSession = i % 2 == 0;
            boolean slowly = i == 3;
            load.add(senders.submit((Callable<Void>) () -> {
                while (!enough.get()) {
                    try (SmtpSender sender = SmtpSender.connect(proxy.address(), PATIENCE)) {
                        sender.readReply();
                        do {
                            send(sender, slowly);
                        } while (oneSession && !enough.get());
                    }
                }
                return null;
            }));
        }
        return load;
    }

    private void send(SmtpSender sender, boolean slowly) throws IOException, InterruptedException {
        String id = "message-" + numbers.incrementAndGet() + "@example.org";
        for (String command : List.of("EHLO a.example.org", "MAIL FROM:<joe@example.org>", "RCPT TO:<b@example.net>")) {
            assertThat(sender.command(command).code()).isEqualTo(250);
        }
        assertThat(sender.command("DATA").code()).isEqualTo(354);
        String head = "From: joe@example.org\r\nSubject: x\r\nMessage-ID: <" + id + ">\r\n\r\n";
        sender.send(head.getBytes(StandardCharsets.US_ASCII));
        Thread.sleep(slowly ? 200 : 5);
        sender.send("Hello.\r\n.\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(sender.readReply().code()).isEqualTo(250);
        taken.add(id);
    }

    private void endLoad(List<Future<Void>> load) throws Exception {
        enough.set(true);
        for (Future<Void> sender : load) {
            sender.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Waits until a message with this selector has arrived that was begun some messages after this call. */
    private void awaitDelivery(String selector) throws InterruptedException {
        int begun = numbers.get() + 5 * CONNECTIONS;
        await(
                "a message with the selector " + selector,
                () -> relay.messages().stream()
                        .filter(message -> number(message) > begun)
                        .anyMatch(message -> message.text().contains("; s=" + selector + ";")));
    }

    private static int number(SmtpSink.Message message) {
        return Integer.parseInt(id(message).replaceAll("message-(\\d+)@.*", "$1"));
    }

    private static String id(SmtpSink.Message message) {
        Matcher id = ID.matcher(message.text());
        assertThat(id.find()).isTrue();
        return id.group(1);
    }

    private void awaitLine(Predicate<String> line, int count) throws InterruptedException {
        await(count + " of a line", () -> proxy.log().stream().filter(line).count() >= count);
    }

    private void await(String what, Await.Condition<RuntimeException> condition) throws InterruptedException {
        Await.until(condition, PATIENCE, () -> what + "\n" + String.join("\n", proxy.log()));
    }

    private long reloads() {
        return proxy.log().stream().filter(RELOADED::equals).count();
    }

    private void hangUp() throws IOException, InterruptedException {
        SignalSender.send("HUP", proxy.process().pid());
    }

    private void assertTakenArrivedOnce() {
        assertThat(relay.messages().stream().map(ReloadUnderLoadIT::id).toList())
                .hasSizeGreaterThan(5 * CONNECTIONS)
                .containsExactlyInAnyOrderElementsOf(taken);
    }

    /** Returns the states of the configuration that signatures show. */
    private Set<String> assertAllArrivedOnceAndVerify(Map<String, String> records) throws IOException {
        assertTakenArrivedOnce();
        Set<String> states = new TreeSet<>();
        for (SmtpSink.Message message : relay.messages()) {
            assertThat(verifies(records, message)).as(message.text()).isTrue();
            String field = message.text().replaceAll("\r\n\\s", "");
            states.add(tag(field, "s") + " " + tag(field, "c"));
        }
        return states;
    }

    private static String tag(String field, String name) {
        Matcher tag = Pattern.compile("; (" + name + "=[^;]*);").matcher(field);
        assertThat(tag.find()).as(field).isTrue();
        return tag.group(1);
    }

    private static boolean verifies(Map<String, String> records, SmtpSink.Message message) throws IOException {
        List<JdkimJudge.Judgement> judgements = new JdkimJudge(records).judge(message.data());
        assertThat(judgements).as("signed once: " + message.text()).hasSize(1);
        return judgements.getFirst().passes();
    }
}
