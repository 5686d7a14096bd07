package org.dkimproxy.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.dkimproxy.testkit.JdkimJudge;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;

/**
 * What a site has: a conf file, a sender map and keys in a folder that everyone can enter, a relay, and an address of its own
 * among those of the loopback interface, so that any port on it is free.
 */
final class Site implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Octets of a message that a failure shows. */
    private static final int SHOWN = 1000;

    private final Path folder;
    private final TestKeys keys;
    private final String host;
    private final SmtpSink relay;

    Site(Path folder) throws IOException, GeneralSecurityException {
        this.folder = folder;
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        keys = TestKeys.generate(folder);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        host = "127." + random.nextInt(1, 255) + "." + random.nextInt(256) + "." + random.nextInt(1, 255);
        relay = SmtpSink.start();
        map("one", keys.rsaFile());
    }

    /** Where clients connect when the program listens on this port. */
    InetSocketAddress address(int port) {
        return new InetSocketAddress(host, port);
    }

    /** The same as the program writes it. */
    String listen(int port) {
        return host + ":" + port;
    }

    int relayPort() {
        return relay.address().getPort();
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    Path rsaKey() {
        return keys.rsaFile();
    }

    Path pidFile() {
        return folder.resolve("pid");
    }

    /** Replaces the map at once: mail of example.org is signed with this selector and this key. */
    void map(String selector, Path key) throws IOException {
        Path next = Files.writeString(
                folder.resolve("map.new"),
                "example.org dkim(s=" + selector + ",key=" + key + ")\n",
                StandardCharsets.UTF_8);
        Files.move(next, folder.resolve("map"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes a conf file that has the program listen on this port, with further lines. */
    Path conf(int port, String... lines) throws IOException {
        return Files.writeString(
                folder.resolve("conf"),
                "listen " + listen(port) + "\nrelay 127.0.0.1:" + relayPort() + "\nsender_map " + file("map")
                        + "\npid_file " + pidFile() + "\n" + String.join("\n", lines) + "\n",
                StandardCharsets.UTF_8);
    }

    /** Gives a file to a user and a group, with this mode, as octal digits. */
    static void give(Path file, String ownerAndGroup, String mode) throws IOException {
        Programs.run(PATIENCE, List.of("chown", ownerAndGroup, file.toString())).linesOfSuccess();
        Programs.run(PATIENCE, List.of("chmod", mode, file.toString())).linesOfSuccess();
    }

    /** Sends a message through the program; it arrives with a good signature by this selector. */
    void sendSigned(int port, String selector) throws Exception {
        sendSigned(port, selector, "hello\r\n");
    }

    /** The same with a body; its lines end in CRLF. */
    void sendSigned(int port, String selector, String body) throws Exception {
        int before = relay.messages().size();
        byte[] message = ("From: joe@example.org\r\nSubject: x\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
        try (SmtpSender sender = SmtpSender.connect(address(port), PATIENCE)) {
            expect(220, sender.readReply());
            expect(250, sender.transact("joe@example.org", List.of("suzie@example.net"), message));
        }
        byte[] received = relay.awaitMessages(before + 1, PATIENCE).getLast().data();
        String name = selector + "._domainkey.example.org";
        boolean good = selector.startsWith("ed")
                ? hasGoodEd25519Signature(received, selector, Map.of(name, keys.record("ed25519-sha256")))
                : hasGoodRsaSignature(received, selector, Map.of(name, keys.record("rsa-sha256")));
        if (!good) {
            throw new AssertionError("expected one signature, good and by " + selector + ", found "
                    + new String(received, 0, Math.min(received.length, SHOWN), StandardCharsets.ISO_8859_1));
        }
    }

    private static boolean hasGoodRsaSignature(byte[] message, String selector, Map<String, String> records)
            throws IOException {
        List<JdkimJudge.Judgement> judgements = new JdkimJudge(records).judge(message);
        return judgements.size() == 1
                && judgements.getFirst().passes()
                && judgements.getFirst().selector().equals(selector);
    }

    /** By dkimpy, since jdkim knows RSA only. */
    private boolean hasGoodEd25519Signature(byte[] message, String selector, Map<String, String> records)
            throws IOException {
        ScriptVerifier.DKIMPY.require();
        Map<String, Map<String, Verdict>> verdicts = ScriptVerifier.DKIMPY.judge(
                List.of(new Signed("signed", message, List.of())), new DnsRecords(new TreeMap<>(records)), folder);
        Map<String, Verdict> bySelector = verdicts.getOrDefault("signed", Map.of());
        return bySelector.size() == 1
                && bySelector.getOrDefault(selector, Verdict.SILENCE).passes();
    }

    private static void expect(int code, SmtpSender.Reply reply) {
        if (reply.code() != code) {
            throw new AssertionError("expected " + code + ", found " + reply);
        }
    }

    @Override
    public void close() throws IOException {
        relay.close();
    }
}
