package org.dkimproxy.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dkimproxy.testkit.DemoMessage;
import org.dkimproxy.testkit.JdkimJudge;
import org.dkimproxy.testkit.JdkimJudge.Judgement;
import org.dkimproxy.testkit.PrivateKeys;
import org.dkimproxy.testkit.RunningProxy;
import org.dkimproxy.testkit.SmtpSink;

/**
 * Shows the proxy at work: makes a key, starts {@code dkimproxy.out} as an administrator would, sends a message through it by
 * SMTP, and lets jdkim, which shares no code with our engine, judge what arrived.
 */
public final class Demo {
    private static final String DOMAIN = "example.org";
    private static final String SELECTOR = "demo";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Demo() {}

    /**
     * Runs the demonstration.
     *
     * @param args the installed tree of the proxy
     */
    public static void main(String[] args) throws Exception {
        if (args.length != 1) {
            System.err.println("usage: Demo TREE");
            System.exit(2);
        }
        Path directory = Files.createTempDirectory("dkimproxy-demo");
        boolean passes;
        try {
            passes = run(Path.of(args[0]), directory);
        } finally {
            deleteAll(directory);
        }
        System.exit(passes ? 0 : 1);
    }

    private static boolean run(Path tree, Path directory) throws Exception {
        String record = makeKey(directory);
        try (SmtpSink receiver = SmtpSink.start()) {
            Path conf = writeConf(directory, receiver.address());
            try (RunningProxy proxy = RunningProxy.start(tree, PATIENCE, "--conf_file=" + conf)) {
                heading("The configuration");
                System.out.print(Files.readString(conf, StandardCharsets.UTF_8));
                DemoMessage.send(proxy.address(), PATIENCE);
                SmtpSink.Message received = receiver.awaitMessages(1, PATIENCE).getFirst();

                heading("The log of the proxy");
                proxy.log().forEach(System.out::println);
                heading("The message that the receiving server got");
                System.out.writeBytes(received.data());
                heading("The DNS record to publish");
                System.out.println(SELECTOR + "._domainkey." + DOMAIN + ". IN TXT " + zoneText(record));
                heading("The verdict of jdkim");
                List<Judgement> judgements =
                        new JdkimJudge(Map.of(SELECTOR + "._domainkey." + DOMAIN, record)).judge(received.data());
                judgements.forEach(judgement -> System.out.println((judgement.passes() ? "pass" : "FAIL") + " d="
                        + judgement.domain() + " s=" + judgement.selector() + " " + judgement.text()));
                return !judgements.isEmpty() && judgements.stream().allMatch(Judgement::passes);
            }
        }
    }

    private static String makeKey(Path directory) throws IOException {
        KeyPair pair = PrivateKeys.newRsa();
        PrivateKeys.write(directory.resolve("private.key"), pair.getPrivate());
        return "v=DKIM1; k=rsa; p="
                + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded());
    }

    private static Path writeConf(Path directory, InetSocketAddress relay) throws IOException {
        String conf = String.format(Locale.ROOT, """
                listen      127.0.0.1:0
                relay       127.0.0.1:%d
                sender_map  %s
                """, relay.getPort(), directory.resolve("sender_map"));
        String senderMap =
                DOMAIN + "  dkim(c=relaxed/relaxed,s=" + SELECTOR + ",key=" + directory.resolve("private.key") + ")\n";
        Files.writeString(directory.resolve("sender_map"), senderMap, StandardCharsets.UTF_8);
        return Files.writeString(directory.resolve("dkimproxy_out.conf"), conf, StandardCharsets.UTF_8);
    }

    /** The record as strings of at most 255 octets (RFC 1035 section 3.3.14). */
    private static String zoneText(String record) {
        return "( \"" + String.join("\" \"", record.split("(?<=\\G.{250})", -1)) + "\" )";
    }

    private static void heading(String text) {
        System.out.println("\n== " + text);
    }

    private static void deleteAll(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
