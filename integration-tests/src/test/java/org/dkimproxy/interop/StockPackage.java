package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.dkimproxy.testkit.JdkimJudge;
import org.dkimproxy.testkit.SmtpSender;
import org.dkimproxy.testkit.SmtpSink;

/**
 * A package like Debian's of dkimproxy 1.4.1-3, with its conffiles, its init script and stand-ins for its programs, in a
 * Debian of the domain example.org. Its conf file is the shipped one but for the ports, which are free ones.
 */
final class StockPackage {
    static final String CONF = "etc/dkimproxy/dkimproxy_out.conf";
    static final String DEFAULTS = "etc/default/dkimproxy";
    static final String INIT = "etc/init.d/dkimproxy";
    static final String KEY = "var/lib/dkimproxy/private.key";

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final byte[] MESSAGE =
            "From: joe@example.org\r\nSubject: x\r\n\r\nHi\r\n".getBytes(StandardCharsets.US_ASCII);

    private final DebianRoot debian;
    private final InetSocketAddress listen;
    private final String record;

    private StockPackage(DebianRoot debian, InetSocketAddress listen, String record) {
        this.debian = debian;
        this.listen = listen;
        this.record = record;
    }

    /**
     * Puts the archive into the root, as {@code /stock.deb}, and its key of 1,024 bits.
     *
     * @param relay where the conf file has mail relayed to
     */
    static StockPackage putInto(DebianRoot debian, SmtpSink relay, Path folder) throws IOException {
        Path root = debian.path();
        Programs.run(
                        PATIENCE,
                        List.of(
                                Tree.program("dkimproxy-keygen"),
                                "--domain=example.org",
                                "--selector=postfix",
                                "--bits=1024",
                                "--out=" + folder))
                .linesOfSuccess();
        Files.createDirectories(root.resolve(KEY).getParent());
        Files.setPosixFilePermissions(root.resolve(KEY).getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.copy(folder.resolve("postfix._domainkey.example.org.key"), root.resolve(KEY));
        String line = Files.readString(folder.resolve("postfix._domainkey.example.org.txt"), StandardCharsets.US_ASCII);
        String record = line.substring(line.indexOf('"')).replaceAll("\"\\s*\"?", "");

        InetSocketAddress listen = freeAddress();
        Path tree = Files.createDirectory(folder.resolve("stock"));
        for (String script : List.of("control", "conffiles", "postinst", "prerm")) {
            write(tree, "DEBIAN/" + script, resource(script));
        }
        write(tree, DEFAULTS, resource("default"));
        write(tree, INIT, resource("init"));
        write(tree, "etc/dkimproxy/dkimproxy_in.conf", resource("dkimproxy_in.conf"));
        write(
                tree,
                CONF,
                resource("dkimproxy_out.conf")
                        .replace("127.0.0.1:10028", text(listen))
                        .replace("127.0.0.1:10029", text(relay.address())));
        write(tree, "usr/sbin/dkimproxy.out", resource("program"));
        write(tree, "usr/sbin/dkimproxy.in", resource("program"));
        Programs.run(
                        PATIENCE,
                        List.of(
                                "dpkg-deb",
                                "--root-owner-group",
                                "--build",
                                tree.toString(),
                                root.resolve("stock.deb").toString()))
                .linesOfSuccess();
        return new StockPackage(debian, listen, record);
    }

    /** Sends a message to where the conf file listens, and judges what the relay gets: signed as 1.4.1 signed it. */
    void assertSigned(SmtpSink relay) throws Exception {
        int before = relay.awaitMessages(0, PATIENCE).size();
        try (SmtpSender sender = SmtpSender.connect(listen, PATIENCE)) {
            sender.readReply();
            assertThat(sender.transact("joe@example.org", List.of("suzie@example.net"), MESSAGE)
                            .code())
                    .isEqualTo(250);
        }
        byte[] message = relay.awaitMessages(before + 1, PATIENCE).getLast().data();
        String text = new String(message, StandardCharsets.ISO_8859_1);
        assertThat(text.substring(0, text.indexOf("\r\nFrom:")))
                .contains("DKIM-Signature: ", "c=simple", "DomainKey-Signature: ", "d=example.org", "s=postfix");
        assertThat(new JdkimJudge(Map.of("postfix._domainkey.example.org", record)).judge(message))
                .singleElement()
                .matches(JdkimJudge.Judgement::passes);
    }

    /** Adds a line to the settings of the init script, as an administrator does. */
    void set(String line) throws IOException {
        Path file = debian.path().resolve(DEFAULTS);
        Files.writeString(file, Files.readString(file, StandardCharsets.UTF_8) + line + "\n", StandardCharsets.UTF_8);
    }

    /** The conffiles, which nobody but the administrator may change. */
    Map<String, String> conffiles() throws IOException {
        return Map.of(
                CONF,
                content(CONF),
                DEFAULTS,
                content(DEFAULTS),
                INIT,
                content(INIT),
                "etc/dkimproxy/dkimproxy_in.conf",
                content("etc/dkimproxy/dkimproxy_in.conf"));
    }

    private String content(String name) throws IOException {
        return Files.readString(debian.path().resolve(name), StandardCharsets.UTF_8);
    }

    private static String resource(String name) throws IOException {
        return Files.readString(Path.of(Programs.script("stock/" + name)), StandardCharsets.UTF_8);
    }

    private static String text(InetSocketAddress address) {
        return "127.0.0.1:" + address.getPort();
    }

    private static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
    }

    private static void write(Path tree, String name, String text) throws IOException {
        Path file = tree.resolve(name);
        Files.createDirectories(file.getParent());
        Files.setPosixFilePermissions(file.getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(file, text, StandardCharsets.UTF_8);
        boolean isScript = text.startsWith("#!");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(isScript ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
