package org.dkimproxy.standalone.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.dkimproxy.standalone.config.BareNewline;
import org.dkimproxy.standalone.metrics.Scrape;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a message that cannot be kept until its end, or not as it was. */
@Timeout(60)
class SpoolFaultsTest {
    private static final String NO_SPACE = "452 4.3.1 Insufficient storage for the message";
    private static final String LINES = "0123456789\r\n".repeat(50_000);

    @TempDir
    Path directory;

    private static void upToData(TestClient client) throws IOException {
        client.say("MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
        for (int i = 0; i < 4; i++) {
            client.reply();
        }
    }

    @Test
    void no_dot_leaves_after_a_spool_that_was_changed() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(ScriptedRelay.Line::upToData);
                ProxyUnderTest proxy =
                        ProxyUnderTest.Setup.of(relay).spool(directory).start();
                TestClient client = proxy.connect()) {
            upToData(client);
            client.say(LINES);
            Path file = openFileIn(directory);
            // Before it is written, the proxy would undo the change.
            waitUntilLongerThan(1000, file);
            try (RandomAccessFile spool = new RandomAccessFile(file.toFile(), "rw")) {
                spool.seek(1000);
                spool.write('#');
            }
            client.say(".\r\n");

            assertThat(client.rest()).isEqualTo("451 4.3.0 Message was lost before it was sent on\n");
            assertThat(relay.received()).contains("#").doesNotContain("\r\n.\r\n");
            assertThat(proxy.log.lines()).anyMatch(line -> line.startsWith("error session"));
            assertThat(Scrape.moved(proxy.metrics))
                    .containsEntry("messages_total{outcome=\"lost\",reason=\"spool\"}", 1.0);
        }
    }

    @Test
    void headers_that_take_too_much_memory_together_are_not_taken() {
        DirectSession session = new DirectSession(BareNewline.NORMALIZE, FakeSigner.holding(Integer.MAX_VALUE));

        DirectSession.Result result = session.run(
                List.of("MAIL FROM:<>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nA: b\r\n.\r\nQUIT\r\n".getBytes(US_ASCII)));

        assertThat(result.client().heard()).endsWith(NO_SPACE + "\r\n221 2.0.0 Bye\r\n");
        assertThat(result.log())
                .contains(
                        "error no space to spool a message: the headers of the messages in flight take too much memory;"
                                + " message-id=<1@example.org>, from=<a@example.org>");
    }

    @Test
    void all_messages_have_one_budget_and_give_back_what_they_took() throws Exception {
        try (SmtpSink relay = SmtpSink.start();
                ProxyUnderTest proxy = ProxyUnderTest.Setup.of(relay.port())
                        .spool(directory)
                        .spoolBudget(1_000_000)
                        .timeouts(ProxyUnderTest.whenFull(Duration.ofSeconds(15), Duration.ofMillis(100)))
                        .start();
                TestClient first = proxy.connect();
                TestClient second = proxy.connect();
                TestClient third = proxy.connect()) {
            upToData(first);
            first.say(LINES);
            waitUntilLongerThan(500_000, openFileIn(directory));
            upToData(second);
            assertThat(second.ask(LINES + ".")).isEqualTo(NO_SPACE);
            assertThat(first.ask(".")).isEqualTo("250 2.0.0 Ok: queued as SINK");
            upToData(third);
            assertThat(third.ask(LINES + ".")).isEqualTo("250 2.0.0 Ok: queued as SINK");
            assertThat(proxy.log.lines())
                    .contains("error no space to spool a message: the messages in flight have used up spool_budget; "
                            + FakeSigner.SUMMARY.attributes());
        }
    }

    @Test
    void full_disk_is_told_at_the_end_and_harms_no_other_message() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(directory, 1_000_000);
                SmtpSink relay = SmtpSink.start();
                ProxyUnderTest proxy =
                        ProxyUnderTest.Setup.of(relay.port()).spool(disk.path()).start();
                TestClient large = proxy.connect();
                TestClient small = proxy.connect();
                TestClient fitting = proxy.connect()) {
            upToData(large);
            assertThat(large.ask(LINES.repeat(3) + ".")).isEqualTo(NO_SPACE);
            upToData(small);
            assertThat(small.ask("x\r\n.")).isEqualTo("250 2.0.0 Ok: queued as SINK");
            upToData(fitting);
            assertThat(fitting.ask(LINES + ".")).isEqualTo("250 2.0.0 Ok: queued as SINK");
            assertThat(proxy.log.lines())
                    .contains("error no space to spool a message: No space left on device; "
                            + FakeSigner.SUMMARY.attributes());
        }
    }

    /** The spool file, once there is one; it has no name, but its descriptor tells where it was. */
    private static Path openFileIn(Path directory) throws Exception {
        for (int i = 0; i < 2000; i++) {
            List<Path> found;
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
                found = descriptors
                        .filter(descriptor -> isIn(directory, descriptor))
                        .toList();
            }
            if (!found.isEmpty()) {
                return found.getFirst();
            }
            Thread.sleep(5);
        }
        throw new AssertionError("no spool file in " + directory);
    }

    private static void waitUntilLongerThan(long octets, Path file) throws Exception {
        for (int i = 0; i < 2000; i++) {
            if (Files.size(file) > octets) {
                return;
            }
            Thread.sleep(5);
        }
        throw new AssertionError("the spool file has " + Files.size(file) + " octets");
    }

    private static boolean isIn(Path directory, Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(directory.toRealPath());
        } catch (IOException _) {
            return false;
        }
    }
}
