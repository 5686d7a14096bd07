package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dkimproxy.testkit.Await;
import org.dkimproxy.testkit.RunningPostfix;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;

/**
 * The way of a message: Postfix, the built program, Postfix again, and a server that keeps what arrives. Sender map, keys and
 * conf file are the samples of docs/configure.md. The services of Postfix are those of the Postfix guide, without TLS and
 * authentication; folder and addresses are others.
 */
final class PostfixChain implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(90);

    /** A recipient that Postfix refuses where it receives from the proxy. */
    static final String REFUSED = "refused@example.com";

    /** A recipient that the last server refuses. */
    static final String UNKNOWN = "unknown@example.com";

    private static final int SUBMISSION = 587;
    private static final int SUBMISSIONS = 465;
    private static final int RELAY = 10028;

    private final SignatureCheck signatures;
    private final String services;
    private final List<String> proxyCommand;
    private final SmtpSink sink;
    private final RunningPostfix postfix;
    private RunningProxy proxy;

    /** How Postfix gives a message to the proxy. */
    enum Way {
        /** Postfix takes the message, and sends it through the proxy from its queue. */
        AFTER_QUEUE {
            @Override
            String services() throws IOException {
                return MailGuide.read("postfix.md").block("Sign after the queue", "postfix");
            }
        },
        /** The proxy sees the message, and its relay answers, before Postfix does. */
        BEFORE_QUEUE {
            @Override
            String services() throws IOException {
                return MailGuide.read("postfix.md").block("Sign before the queue", "postfix");
            }
        };

        /** The services of master.cf. */
        abstract String services() throws IOException;
    }

    /**
     * Starts it all.
     *
     * @param folder empty
     * @param proxyOptions more options for the proxy
     */
    PostfixChain(Path folder, Way way, String... proxyOptions) throws Exception {
        signatures = new SignatureCheck(UserGuide.install(folder), folder);
        sink = SmtpSink.start(PostfixChain::reply);
        RunningPostfix.Setup setup = RunningPostfix.setup()
                .with("relayhost", "[127.0.0.1]:" + sink.address().getPort())
                .with("minimal_backoff_time", "1s")
                .with("maximal_backoff_time", "1s")
                .with("queue_run_delay", "1s");
        services = moved(way.services(), setup.host());
        Path conf = Files.writeString(
                folder.resolve("dkimproxy_out.conf"),
                UserGuide.moved(UserGuide.samples("conf").getFirst(), folder).replace("127.0.0.1", setup.host()),
                StandardCharsets.UTF_8);
        proxyCommand = new ArrayList<>(List.of("--conf_file=" + conf));
        proxyCommand.addAll(List.of(proxyOptions));
        startProxy();
        postfix = setup.services(services).start();
    }

    /** Services on the addresses of this chain, for a client that does not authenticate, with one recipient refused. */
    private static String moved(String services, String host) {
        return services.replaceAll("(?m)^submission ", host + ":" + SUBMISSION + " ")
                .replaceAll("(?m)^submissions ", host + ":" + SUBMISSIONS + " ")
                .replace("127.0.0.1", host)
                .replaceAll("(?m)^ +-o smtpd_(tls_security_level=encrypt|sasl_auth_enable=yes)\n", "")
                .replace(
                        "smtpd_recipient_restrictions=permit",
                        "smtpd_recipient_restrictions=check_recipient_access,inline:{" + REFUSED + "=REJECT},permit");
    }

    private static String reply(SmtpSink.Event event) {
        if (event.verb().equals("RCPT") && event.line().contains(UNKNOWN)) {
            return "550 5.1.1 No such user here";
        }
        return SmtpSink.Script.accept(
                        "8BITMIME", "SMTPUTF8", "PIPELINING", "SIZE 104857600", "ENHANCEDSTATUSCODES", "DSN")
                .reply(event);
    }

    /** The Postfix at both ends of the proxy. */
    RunningPostfix postfix() {
        return postfix;
    }

    RunningProxy proxy() {
        return proxy;
    }

    void startProxy() throws IOException, InterruptedException {
        proxy = RunningProxy.start(Tree.ROOT, PATIENCE, proxyCommand.toArray(String[]::new));
    }

    /** Has Postfix close the service to which the proxy relays; returns when nobody listens there. */
    void closeRelay() throws IOException, InterruptedException {
        postfix.reload(services.substring(0, services.indexOf(postfix.host() + ":" + RELAY)));
        awaitRelay(false);
    }

    /** Has Postfix listen again where the proxy relays to. */
    void openRelay() throws IOException, InterruptedException {
        postfix.reload(services);
        awaitRelay(true);
    }

    /** Gives a service of Postfix one more line, until {@link #openRelay} has it as in the sample again. */
    void addTo(String service, String line) throws IOException, InterruptedException {
        postfix.reload(services.replaceAll("(?m)^" + service + " .*$", "$0\n    " + line));
    }

    private void awaitRelay(boolean open) throws InterruptedException {
        Await.until(() -> isOpen() == open, PATIENCE, () -> "relay open: " + open);
    }

    private boolean isOpen() {
        try (SmtpSender probe = SmtpSender.connect(postfix.address(RELAY), PATIENCE)) {
            probe.command("QUIT");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A client of the first Postfix that was greeted. */
    SmtpSender connect() throws IOException {
        SmtpSender sender = SmtpSender.connect(postfix.address(SUBMISSION), PATIENCE);
        sender.readReply();
        return sender;
    }

    /** Host and port where mail is submitted. */
    String submission() {
        return postfix.host() + ":" + SUBMISSION;
    }

    /** Submits a message; returns the reply to its final dot, or the one that refuses. */
    SmtpSender.Reply submit(String from, List<String> recipients, byte[] message) throws IOException {
        try (SmtpSender sender = connect()) {
            return sender.transact(from, recipients, message);
        }
    }

    /** Waits for the one message that holds this text. Fails if there is none, or more than one. */
    SmtpSink.Message awaitMessageWith(String text) throws IOException, InterruptedException {
        return awaitMessages(text, 1).getFirst();
    }

    /** Waits until the first few messages with this text have arrived. */
    void awaitBeginOf(String text) throws InterruptedException {
        Await.until(() -> received(text).size() >= 5, PATIENCE, () -> "some messages with " + text);
    }

    /** Waits for messages that hold this text. Fails if there are fewer, or more. */
    List<SmtpSink.Message> awaitMessages(String text, int count) throws IOException, InterruptedException {
        if (!Await.holds(() -> received(text).size() >= count, PATIENCE)) {
            throw new AssertionError(received(text).size() + " of " + count + " messages with " + text + " arrived\n"
                    + String.join("\n", postfix.log()) + "\n" + String.join("\n", proxy.log()));
        }
        List<SmtpSink.Message> found = received(text);
        assertThat(found).as(text).hasSize(count);
        return found;
    }

    /** The messages with this text that have arrived by now. */
    List<SmtpSink.Message> received(String text) {
        return sink.messages().stream()
                .filter(message -> message.text().contains(text))
                .toList();
    }

    /** Has Mail::DKIM and dkimpy judge messages; each must have a valid signature with this selector. */
    void assertVerified(String domain, String selector, List<SmtpSink.Message> messages) throws IOException {
        signatures.assertVerified(domain, selector, messages);
    }

    /** The same for one message of joe@example.org. */
    void assertVerified(SmtpSink.Message message) throws IOException {
        assertVerified("example.org", "2026", List.of(message));
    }

    @Override
    public void close() throws IOException {
        try (sink;
                postfix) {
            proxy.close();
        }
    }
}
