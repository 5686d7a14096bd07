package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.dkimproxy.testkit.RunningPostfix;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SMTP smuggling (CVE-2023-51764, 51765, 51766) through the built program: octets that the proxy takes for text must not
 * be an end of data for the relay. One relay is a real Postfix with its protection switched off, the other takes anything
 * for an end of data. Behind Postfix is a sink, so that what it took for a message is seen.
 */
class SmugglingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HONEST = "<honest@example.org>";
    private static final String FORGED = "<forged@example.org>";
    private static final String SMUGGLED = "MAIL FROM:" + FORGED + "\r\nRCPT TO:<victim@example.net>\r\nDATA\r\n"
            + "From: forged@example.org\r\n\r\nforged\r\n.\r\n";

    /** Around a dot, in an order of no meaning: nothing of this is an end of data (RFC 5321 section 4.1.1.4). */
    private static final List<String> FALSE_ENDS = List.of(
            "\n.\n",
            "\r.\r",
            "\r.\n",
            "\n.\r",
            "\n.\r\n",
            "\r\n.\n",
            "\r.\r\n",
            "\r\n.\r",
            "\r\n\0.\r\n",
            "\r\n.\0\r\n",
            "\r\n.\r\r\n",
            "\r\r\n.\r\r\n");

    @TempDir
    static Path folder;

    private static Path map;
    private static SmtpSink sink;
    private static RunningPostfix postfix;

    @BeforeAll
    static void start() throws Exception {
        Requirements.postfixServer();
        map = folder.resolve("sender_map");
        Files.writeString(
                map,
                ". dkim(d=example.org,s=one,key=" + TestKeys.generate(folder).rsaFile() + ")\n",
                StandardCharsets.UTF_8);
        sink = SmtpSink.start();
        postfix = RunningPostfix.setup()
                .with("relayhost", "[127.0.0.1]:" + sink.address().getPort())
                .with("smtpd_forbid_bare_newline", "no")
                .with("smtpd_forbid_unauth_pipelining", "no")
                .with("smtpd_client_connection_count_limit", "0")
                .services("HOST:2525 inet n - n - - smtpd")
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (postfix != null) {
            postfix.close();
        }
        if (sink != null) {
            sink.close();
        }
    }

    private static RunningProxy proxy(InetSocketAddress relay, String bareNewline) throws Exception {
        return RunningProxy.start(
                Tree.ROOT,
                PATIENCE,
                "--listen=127.0.0.1:0",
                "--relay=" + relay.getAddress().getHostAddress() + ":" + relay.getPort(),
                "--sender_map=" + map,
                "--bare_newline=" + bareNewline,
                "--log_level=info");
    }

    /** What a client sends after DATA: a message, a false end of data, and what it hopes will be a second message. */
    private static String payload(String falseEnd) {
        return "From: honest@example.org\r\n\r\nhonest" + falseEnd + SMUGGLED;
    }

    /** Sends a payload cut in two; returns how many messages the server says it took. */
    private static int taken(InetSocketAddress server, String payload, int cut) throws IOException {
        try (SmtpSender sender = SmtpSender.connect(server, PATIENCE)) {
            sender.readReply();
            assertThat(sender.command("EHLO client.example.org").isClass(2)).isTrue();
            assertThat(sender.command("MAIL FROM:" + HONEST).isClass(2)).isTrue();
            assertThat(sender.command("RCPT TO:<b@example.net>").isClass(2)).isTrue();
            assertThat(sender.command("DATA").isClass(3)).isTrue();
            sender.send(octets(payload.substring(0, cut)));
            pause();
            sender.send(octets(payload.substring(cut)));
            pause();
            sender.send(octets("\r\n.\r\nQUIT\r\n"));
            sender.shutdownOutput();
            return countOfTaken(sender);
        }
    }

    private static int countOfTaken(SmtpSender sender) throws IOException {
        int taken = 0;
        try {
            while (true) {
                String reply = sender.readReply().toString();
                taken += reply.contains("queued") || reply.contains("taken") ? 1 : 0;
            }
        } catch (EOFException | SocketException _) {
            return taken;
        }
    }

    /** So that the other side sees the two parts one by one; a test that loses this race is weaker, not wrong. */
    private static void pause() {
        try {
            Thread.sleep(3);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Every place to cut a false end, and one octet around it. */
    private static List<Integer> cuts(String falseEnd) {
        int begin = payload("").indexOf("honest" + SMUGGLED) + "honest".length();
        return Stream.iterate(begin - 1, cut -> cut <= begin + falseEnd.length() + 1, cut -> cut + 1)
                .toList();
    }

    /** Without the proxy both relays are open to it; were they not, the other tests would prove nothing. */
    @Test
    void both_relays_can_be_smuggled_to() throws Exception {
        List<String> open = new ArrayList<>();
        try (LenientRelay relay = new LenientRelay()) {
            for (String falseEnd : FALSE_ENDS) {
                taken(relay.address(), payload(falseEnd), cuts(falseEnd).getFirst());
                if (relay.senders().contains(FORGED)) {
                    open.add(falseEnd);
                }
            }
            assertThat(open).isEqualTo(FALSE_ENDS);
            assertThat(relay.senders().stream().filter(FORGED::equals)).hasSize(FALSE_ENDS.size());
        }
        assertThat(taken(
                        postfix.address(2525),
                        payload("\n.\r\n"),
                        cuts("\n.\r\n").getFirst()))
                .as("messages that Postfix takes")
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"normalize", "reject"})
    void nothing_reaches_a_lenient_relay(String bareNewline) throws Exception {
        try (LenientRelay relay = new LenientRelay();
                RunningProxy proxy = proxy(relay.address(), bareNewline)) {
            int acknowledged = 0;
            for (String falseEnd : FALSE_ENDS) {
                for (int cut : cuts(falseEnd)) {
                    acknowledged += taken(proxy.address(), payload(falseEnd), cut);
                }
            }
            assertThat(relay.senders()).hasSize(acknowledged).allMatch(HONEST::equals);
            assertThat(acknowledged > 0).isEqualTo(bareNewline.equals("normalize"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"normalize", "reject"})
    void nothing_reaches_postfix(String bareNewline) throws Exception {
        int before = sink.messages().size();
        try (RunningProxy proxy = proxy(postfix.address(2525), bareNewline)) {
            int acknowledged = 0;
            for (String falseEnd : FALSE_ENDS) {
                for (int cut : cuts(falseEnd)) {
                    acknowledged += taken(proxy.address(), payload(falseEnd), cut);
                }
            }
            assertThat(acknowledged > 0).isEqualTo(bareNewline.equals("normalize"));
            postfix.awaitQueue(0, PATIENCE);
            List<SmtpSink.Message> arrived =
                    sink.messages().subList(before, sink.messages().size());
            assertThat(arrived).hasSize(acknowledged);
            assertThat(arrived).allMatch(message -> message.mailFrom().startsWith(HONEST));
            assertThat(arrived).allMatch(message -> message.text().contains("\r\nMAIL FROM:" + FORGED + "\r\n"));
        }
    }

    /** Two commands in one line, for a server that ends lines more easily than the proxy. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOOP\nMAIL FROM:" + FORGED + "\r\n",
                "NOOP\rMAIL FROM:" + FORGED + "\r\n",
                "NOOP\0\nMAIL FROM:" + FORGED + "\r\n",
                "NOOP\r\r\nMAIL FROM:" + FORGED + "\r\n",
                "MAIL FROM:" + HONEST + "\nDATA\n.\nMAIL FROM:" + FORGED + "\r\n",
                "BDAT 60\r\nMAIL FROM:" + FORGED + "\r\nRCPT TO:<victim@example.net>\r\nDATA\r\n.\r\n",
            })
    void no_command_is_hidden_in_another(String commands) throws Exception {
        try (LenientRelay relay = new LenientRelay();
                RunningProxy proxy = proxy(relay.address(), "normalize");
                SmtpSender sender = SmtpSender.connect(proxy.address(), PATIENCE)) {
            sender.readReply();
            sender.send(octets(commands + "RCPT TO:<victim@example.net>\r\nDATA\r\nx\r\n.\r\n"));
            sender.shutdownOutput();

            assertThat(countOfTaken(sender)).isZero();
            assertThat(relay.senders()).isEmpty();
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
