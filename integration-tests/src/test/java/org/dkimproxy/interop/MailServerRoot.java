package org.dkimproxy.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dkimproxy.testkit.Await;
import org.dkimproxy.testkit.SmtpSender;

/** A mail server of a Debian package, installed and running in a root of its own, on an address of its own. */
final class MailServerRoot implements AutoCloseable {
    private final DebianRoot root;
    private final String host;
    private final Path log;
    private Process daemon;

    private MailServerRoot(DebianRoot root, String host, Path log) {
        this.root = root;
        this.host = host;
        this.log = log;
    }

    /** Makes a root with packages; nothing runs in it. */
    static MailServerRoot make(Path folder, String release, String... packages) throws IOException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        String host = "127." + random.nextInt(1, 255) + "." + random.nextInt(0, 255) + "." + random.nextInt(2, 255);
        MailServerRoot server = new MailServerRoot(
                DebianRoot.withPackages(folder, release, packages), host, folder.resolve("daemon.txt"));
        server.write("/etc/mailname", RecipeSite.HOST_NAME + "\n");
        return server;
    }

    /** The address that stands for those of the guide. */
    String host() {
        return host;
    }

    /** Writes a file in the root. */
    void write(String name, String text) throws IOException {
        Path file = root.path().resolve(name.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    /** Runs a program in the root; fails if it does. */
    List<String> run(String... command) throws IOException {
        return root.run(command).linesOfSuccess();
    }

    /** Starts a daemon in the root, which has to stay in the foreground; returns when it listens on a port. */
    void start(int port, String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(root.entry("0:0"));
        words.addAll(List.of(command));
        daemon = new ProcessBuilder(words)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Await.until(() -> listens(port), RecipeSite.PATIENCE, () -> "port " + port);
    }

    private boolean listens(int port) {
        try (SmtpSender probe = SmtpSender.connect(new InetSocketAddress(host, port), RecipeSite.PATIENCE)) {
            return probe.readReply().code() == 220;
        } catch (IOException e) {
            return false;
        }
    }

    /** Submits a message by the sendmail(8) of the root. */
    void sendmail(String from, List<String> recipients, byte[] message) throws IOException {
        write("/tmp/message", new String(message, StandardCharsets.UTF_8));
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "exec sendmail -f \"$0\" -i -- \"$@\" < /tmp/message", from));
        command.addAll(recipients);
        Programs.Result result = root.run(command.toArray(String[]::new));
        assertThat(result.exit()).as(result.errors() + result.output()).isZero();
    }

    /** What the daemon wrote, and the logs of the root. */
    String log() throws IOException {
        StringBuilder text = new StringBuilder(Files.readString(log, StandardCharsets.ISO_8859_1));
        try (Stream<Path> files = Files.walk(root.path().resolve("var/log"))) {
            for (Path file : files.filter(name -> name.endsWith("mainlog") || name.endsWith("paniclog"))
                    .toList()) {
                text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        if (daemon != null) {
            List<ProcessHandle> children = daemon.descendants().toList();
            daemon.destroy();
            children.forEach(ProcessHandle::destroy);
            try {
                if (!daemon.waitFor(RecipeSite.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    daemon.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            children.forEach(ProcessHandle::destroyForcibly);
        }
        root.close();
    }
}
