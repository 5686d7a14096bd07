package org.dkimproxy.jamesit;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.dkimproxy.testkit.SmtpSender;

/**
 * A whole James 3.8 with the configuration of its image, and with what an administrator has changed in it. Of that only what a
 * test cannot do without is changed: addresses, ports, the folder of the log, and the smart host. JMX is off.
 */
final class StockJames implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String SMTP = "127.0.0.3";
    private static final String QUEUE = "<outgoingQueue>outgoing</outgoingQueue>";

    private final RunningJames james;
    private final SmartHost smartHost;

    private StockJames(RunningJames james, SmartHost smartHost) {
        this.james = james;
        this.smartHost = smartHost;
    }

    /**
     * Starts it.
     *
     * @param arguments those of the main class
     */
    static StockJames start(JamesFolder folder, List<String> arguments, SmartHost smartHost) throws Exception {
        moveServers(folder);
        folder.replace("mailetcontainer.xml", QUEUE, QUEUE + "<gateway>127.0.0.1:" + smartHost.port() + "</gateway>");
        folder.replace("webadmin.properties", "\nhost=0.0.0.0", "\nhost=" + RunningJames.WEBADMIN_HOST);
        folder.replace("webadmin.properties", "\nport=8000", "\nport=0");
        folder.replace("jmap.properties", "\nenabled=true", "\nenabled=true\njmap.port=" + freePort());
        folder.replace("jmx.properties", "jmx.enabled=true", "jmx.enabled=false");
        change(folder.conf("logback.xml"), "/logs/", folder.root() + "/logs/");
        change(folder.conf("logback.xml"), "<immediateFlush>false", "<immediateFlush>true");
        RunningJames james = RunningJames.start(Shipped.JAMES, folder, arguments, SMTP, LIMIT);
        return new StockJames(james, smartHost);
    }

    /** A port for servers that do not take 0, out of the range from which the system chooses ports for clients. */
    private static int freePort() throws IOException {
        long first = 21_000 + ProcessHandle.current().pid() % 900; // other tests look for one, too
        for (int port = (int) first; port < 22_000; port++) {
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // the next may be free
            }
        }
        throw new IOException("no free port from 21000 to 21999");
    }

    private static void moveServers(JamesFolder folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.conf(""))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith("server.xml")).toList()) {
                change(file, "<bind>0\\.0\\.0\\.0:25</bind>", "<bind>" + SMTP + ":0</bind>");
                change(file, "<bind>0\\.0\\.0\\.0:\\d+</bind>", "<bind>127.0.0.1:0</bind>");
            }
        }
    }

    private static void change(Path file, String regex, String now) throws IOException {
        Files.writeString(
                file,
                Files.readString(file, StandardCharsets.UTF_8).replaceAll(regex, Matcher.quoteReplacement(now)),
                StandardCharsets.UTF_8);
    }

    /** Sends a message through it, and returns what arrived at the smart host. */
    Map<String, byte[]> deliver(Case message) throws IOException, InterruptedException {
        try (SmtpSender sender = SmtpSender.connect(james.address(), LIMIT)) {
            sender.readReply();
            SmtpSender.Reply reply = sender.transact(message.sender(), List.of(message.recipient()), message.message());
            if (!reply.isClass(2)) {
                throw new IOException("James refuses " + message + ": " + reply);
            }
        }
        return smartHost.take(1);
    }

    /** Returns what its web administration has at a path. */
    String webAdmin(String path) throws IOException, InterruptedException {
        InetSocketAddress address = james.webAdmin();
        URI uri = URI.create("http://" + RunningJames.WEBADMIN_HOST + ":" + address.getPort() + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(uri).timeout(LIMIT).build(),
                            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                    .body();
        }
    }

    List<String> log() {
        return james.log();
    }

    @Override
    public void close() throws IOException {
        james.close();
    }
}
