package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.dkimproxy.testkit.Await;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;
import org.dkimproxy.testkit.TlsIdentity;

/**
 * What surrounds a mail server that is set up as a guide says: the built program with the guide's conf file, a certificate, users
 * that submit mail, and the server of the recipients, which keeps what arrives.
 */
final class RecipeSite implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String USER = "joe";
    static final String PASSWORD = "secret";
    static final String HOST_NAME = "mail.example.org";
    static final String SENDER = "joe@mail.example.org";
    static final String RECIPIENT = "suzie@example.net";

    /** A recipient whom the last server refuses. */
    static final String UNKNOWN = "unknown@example.net";

    private static final int SUBMISSION = 587;
    private static final int SUBMISSIONS = 465;

    private final String host;
    private final SignatureCheck signatures;
    private final TlsIdentity tls;
    private final SmtpSink sink;
    private final RunningProxy proxy;

    /** How mail enters the mail server. */
    enum Route {
        SUBMISSION,
        SUBMISSIONS,
        SENDMAIL
    }

    /** The sendmail(1) of the mail server. */
    @FunctionalInterface
    interface Sendmail {
        /** Submits a message with LF line ends. */
        void submit(String from, List<String> recipients, byte[] message) throws IOException, InterruptedException;
    }

    /**
     * Starts the proxy and the last server.
     *
     * @param folder empty
     * @param host an address of 127.0.0.0/8 that stands for 127.0.0.1 in the guide
     */
    RecipeSite(Path folder, String host, MailGuide guide) throws Exception {
        this.host = host;
        TestKeys keys = TestKeys.generate(folder);
        signatures = new SignatureCheck(keys, folder);
        tls = TlsIdentity.generate(folder, HOST_NAME);
        Files.writeString(
                folder.resolve("sender_map"),
                "example.org dkim(c=relaxed/relaxed,s=2026,key=" + keys.rsaFile() + ")\n",
                StandardCharsets.UTF_8);
        String conf = guide.files("conf").get(UserGuide.ETC + "/dkimproxy_out.conf");
        Path file = Files.writeString(
                folder.resolve("dkimproxy_out.conf"),
                UserGuide.moved(conf, folder).replace("127.0.0.1", host),
                StandardCharsets.UTF_8);
        sink = SmtpSink.start(RecipeSite::reply);
        proxy = RunningProxy.start(Tree.ROOT, PATIENCE, "--conf_file=" + file);
    }

    private static String reply(SmtpSink.Event event) {
        if (event.verb().equals("RCPT") && event.line().contains(UNKNOWN)) {
            return "550 5.1.1 No such user here";
        }
        return SmtpSink.Script.ACCEPT.reply(event);
    }

    /** Where the last server listens. */
    InetSocketAddress lastServer() {
        return sink.address();
    }

    TlsIdentity tls() {
        return tls;
    }

    /** A text that is in one message only. */
    static String unique() {
        return UUID.randomUUID().toString();
    }

    /** Submits a message with this subject and message-id. */
    void submit(Route route, Sendmail sendmail, String id, String recipient) throws IOException, InterruptedException {
        String text = "From: Joe <" + SENDER + ">\nTo: " + recipient + "\nX-Origin: intern\nSubject: " + id
                + "\nDate: Mon, 23 Nov 2026 08:00:00 +0000\nMessage-ID: <" + id
                + "@example.org>\n\nHello,\n.\nhow are you?\n";
        if (route == Route.SENDMAIL) {
            sendmail.submit(SENDER, List.of(recipient), text.getBytes(StandardCharsets.US_ASCII));
            return;
        }
        byte[] message = text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (SmtpSender client = connect(route)) {
            SmtpSender.Reply reply = client.transactGreeted(SENDER, List.of(recipient), message);
            assertThat(reply.code()).as(reply.toString()).isEqualTo(250);
        }
    }

    /** A client that is authenticated over TLS. */
    private SmtpSender connect(Route route) throws IOException {
        int port = route == Route.SUBMISSIONS ? SUBMISSIONS : SUBMISSION;
        SmtpSender client = SmtpSender.connect(new InetSocketAddress(host, port), PATIENCE);
        if (route == Route.SUBMISSIONS) {
            client.secure(tls.client());
            client.readReply();
        } else {
            client.readReply();
            client.command("EHLO client.example.org");
            SmtpSender.Reply ready = client.command("STARTTLS");
            assertThat(ready.code()).as(ready.toString()).isEqualTo(220);
            client.secure(tls.client());
        }
        client.command("EHLO client.example.org");
        SmtpSender.Reply authenticated = client.authenticate(USER, PASSWORD);
        assertThat(authenticated.code()).as(authenticated.toString()).isEqualTo(235);
        return client;
    }

    /** Waits for messages that hold this text. Fails with the log if there are fewer. */
    List<SmtpSink.Message> awaitMessages(String id, int count, LogOfServer log)
            throws IOException, InterruptedException {
        if (!Await.holds(() -> received(id).size() >= count, PATIENCE)) {
            throw new AssertionError(received(id).size() + " of " + count + " messages arrived\n" + log.text() + "\n"
                    + String.join("\n", proxy.log()));
        }
        return received(id);
    }

    /** The messages with this text that have arrived by now. */
    List<SmtpSink.Message> received(String id) {
        return sink.messages().stream()
                .filter(message -> message.text().contains(id))
                .toList();
    }

    /** How often messages with this text reached an address. */
    long deliveries(String id, String recipient) {
        return received(id).stream()
                .flatMap(message -> message.recipients().stream())
                .filter(argument -> argument.startsWith("<" + recipient + ">"))
                .count();
    }

    /** Fails unless the message has one signature, which is valid. */
    void assertSignedOnce(SmtpSink.Message message) throws IOException {
        String header = message.text().substring(0, message.text().indexOf("\r\n\r\n") + 2);
        assertThat(Pattern.compile("(?m)^DKIM-Signature: ").matcher(header).results())
                .as(header)
                .hasSize(1);
        signatures.assertVerified("example.org", "2026", List.of(message));
    }

    /** The log of the mail server, for the report of a failure. */
    @FunctionalInterface
    interface LogOfServer {
        String text() throws IOException;
    }

    @Override
    public void close() throws IOException {
        try (sink) {
            proxy.close();
        }
    }
}
